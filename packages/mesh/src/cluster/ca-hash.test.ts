import { expect, test } from 'vitest'
import { caHash } from './ca-hash.ts'
import broken from './golden/ca/broken-chain.pem?raw'
import chain from './golden/ca/chain.pem?raw'
// What `openssl x509 -outform der` made of the root.
import root from './golden/ca/root.hex?raw'
import single from './golden/ca/single.pem?raw'

/** Gives the bytes themselves, so that the test sees what is hashed. */
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const text = (pem: string) => hex(Uint8Array.from(pem, (character) => character.charCodeAt(0)))
const hashed = (pem: string) => {
  const hash = caHash(pem, hex)
  return hash.ok ? hash.value : hash.error.message
}

test('one certificate is hashed as it is served, line breaks included', () => {
  expect(hashed(single)).toBe(text(single))
  expect(hashed(`${single}\n`)).not.toBe(hashed(single))
})

test('of a chain the root is hashed, as DER', () => expect(hashed(chain)).toBe(root.trim()))

test('a renewed CA below the same root has the same hash', () => {
  const [ca, ...rest] = chain.split(/(?<=-----END CERTIFICATE-----\n)/)
  expect(hashed([rest[0], ca, ...rest].join(''))).toBe(root.trim())
})

test('a chain that does not reach a root is hashed as a file', () => expect(hashed(broken)).toBe(text(broken)))

test.each([
  '',
  'hello',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  single.replace('MII', 'MIJ').replaceAll('A', '='),
  `${single}\u{e9}`,
])('what is no CA is said so', (pem) =>
  expect(caHash(pem, hex)).toMatchObject({ ok: false, error: { kind: 'bad-pem' } }),
)
