import { expect, test } from 'vitest'
import { KEY_PATTERN, parsePublicKey } from './key.ts'

const P = (1n << 255n) - 19n
const TOP_BIT = 1n << 255n
const ORDER_8 = [
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
]

test.each([
  // RFC 7748 section 6.1: the public keys of Alice and Bob.
  { it: "RFC 7748's Alice", text: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=' },
  { it: "RFC 7748's Bob", text: '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=' },
  { it: 'the base point', text: encode(9n) },
  { it: 'the highest canonical point that is not of low order', text: encode(P - 2n) },
])('$it is a key', ({ text }) => expect(parsePublicKey(text)).toEqual({ ok: true, value: text }))

test.each([
  { it: 'nothing', text: '', kind: 'wrong-length' },
  { it: 'a key cut short', text: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTm=', kind: 'wrong-length' },
  { it: 'a key with a newline', text: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\n', kind: 'wrong-length' },
  {
    it: 'a key with a newline instead of its end',
    text: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo\n',
    kind: 'bad-characters',
  },
  { it: 'the URL alphabet', text: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo=', kind: 'bad-characters' },
  { it: 'padding in the middle', text: 'hSDwCYkwp1R0i33ctD73Wg2=Og0mOBr066SpjqqbTmo=', kind: 'bad-characters' },
  { it: '33 bytes', text: 'A'.repeat(44), kind: 'bad-characters' },
  {
    it: 'surplus bits in the last character',
    text: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmp=',
    kind: 'non-canonical-base64',
  },
  { it: 'the zero key', text: encode(0n), kind: 'zero-key' },
  { it: 'the point 1', text: encode(1n), kind: 'low-order' },
  { it: 'the first point of order 8', text: '4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA=', kind: 'low-order' },
  { it: 'the second point of order 8', text: 'X5yVvKNQjCSx0LFVnIPvWwREXMRYHI6G2CJO3dCfEVc=', kind: 'low-order' },
  { it: 'the point p-1', text: encode(P - 1n), kind: 'low-order' },
  { it: 'zero written as p', text: encode(P), kind: 'low-order' },
  { it: 'one written as p+1', text: encode(P + 1n), kind: 'low-order' },
  { it: 'zero with the top bit', text: encode(TOP_BIT), kind: 'low-order' },
  { it: 'p-1 with the top bit', text: encode(TOP_BIT + P - 1n), kind: 'low-order' },
  { it: 'p with the top bit', text: encode(TOP_BIT + P), kind: 'low-order' },
  { it: 'p+1 with the top bit', text: encode(TOP_BIT + P + 1n), kind: 'low-order' },
  { it: 'order 8 with the top bit', text: encode(TOP_BIT + (ORDER_8[0] ?? 0n)), kind: 'low-order' },
  { it: 'the other of order 8 with the top bit', text: encode(TOP_BIT + (ORDER_8[1] ?? 0n)), kind: 'low-order' },
  { it: 'the base point with the top bit', text: encode(TOP_BIT + 9n), kind: 'non-canonical-point' },
  { it: 'the base point as p+9', text: encode(P + 9n), kind: 'non-canonical-point' },
  { it: '32 bytes of 255', text: encode((1n << 256n) - 1n), kind: 'non-canonical-point' },
])('$it is refused as $kind', ({ text, kind }) =>
  expect(parsePublicKey(text)).toMatchObject({ ok: false, error: { kind } }),
)

test('each listed point really has low order: doubled at most three times it is the point at infinity', () => {
  for (const u of [0n, 1n, P - 1n, ...ORDER_8]) {
    let point: bigint | 'infinity' = u
    for (let i = 0; i < 3 && point !== 'infinity'; i++) point = double(point)
    expect(point).toBe('infinity')
  }
  let base: bigint | 'infinity' = 9n
  for (let i = 0; i < 3 && base !== 'infinity'; i++) base = double(base)
  expect(base).not.toBe('infinity')
})

test('the quick pattern takes what the parser takes', () => {
  expect(KEY_PATTERN.test('hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=')).toBe(true)
  expect(KEY_PATTERN.test('hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmp=')).toBe(false)
})

/** The u-coordinate of 2P on v² = u³ + 486662u² + u, and on its twist. */
function double(u: bigint): bigint | 'infinity' {
  const denominator = (4n * u * (u * u + 486662n * u + 1n)) % P
  if (denominator === 0n) return 'infinity'
  return ((u * u - 1n) ** 2n * power(denominator, P - 2n)) % P
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P
  return result
}

/** Base64 of the 32 bytes, lowest first: 43 characters of 6 bits, of which the last carries 4. */
function encode(number: bigint): string {
  let bits = 0n
  for (let i = 0n; i < 32n; i++) bits = (bits << 8n) | ((number >> (8n * i)) & 0xffn)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const sextets = Array.from({ length: 43 }, (_, i) => Number(((bits << 2n) >> BigInt(6 * (42 - i))) & 0x3fn))
  return `${sextets.map((sextet) => alphabet[sextet]).join('')}=`
}
