import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeSeal, makeToken } from './secrets.ts'

test('a token is 256 bits behind a prefix that scanners know', () => {
  expect(makeToken('swj', randomBytes)).toMatch(/^swj_[A-Za-z0-9_-]{43}$/)
  expect(makeToken('swk', () => new Uint8Array(32).fill(255))).toBe(`swk_${'_'.repeat(42)}8`)
})

const seal = makeSeal('a secret of at least 32 characters')

test('what was sealed opens for its purpose, and no two sealings are alike', () => {
  const [a, b] = [seal.encrypt('swt_proof', 'node 1'), seal.encrypt('swt_proof', 'node 1')]
  expect(seal.decrypt(a, 'node 1')).toBe('swt_proof')
  expect(Buffer.from(a).equals(Buffer.from(b))).toBe(false)
  expect(Buffer.from(a).includes('swt_proof')).toBe(false)
})

test.each([
  { it: 'for another purpose', open: (sealed: Uint8Array) => seal.decrypt(sealed, 'node 2') },
  { it: 'with another secret', open: (sealed: Uint8Array) => makeSeal('x'.repeat(32)).decrypt(sealed, 'node 1') },
  {
    it: 'after a bit was turned',
    open: (sealed: Uint8Array) => seal.decrypt(sealed.with(-1, (sealed.at(-1) ?? 0) ^ 1), 'node 1'),
  },
  { it: 'when it was cut short', open: (sealed: Uint8Array) => seal.decrypt(sealed.subarray(0, 20), 'node 1') },
])('it does not open $it', ({ open }) => {
  expect(() => open(seal.encrypt('swt_proof', 'node 1'))).toThrow()
})

test('a short secret is no secret', () => expect(() => makeSeal('short')).toThrow('32 characters'))
