import { expect, test } from 'vitest'
import { formatPrefix } from './prefix.ts'
import { proposeUla } from './propose-ula.ts'

test.each([
  {
    it: 'takes its 40 bits from the first five bytes',
    bytes: [0x12, 0x34, 0x56, 0x78, 0x9a, 0xff],
    want: 'fd12:3456:789a::/48',
  },
  { it: 'keeps zeros in their place', bytes: [0, 0, 0, 0, 1], want: 'fd00:0:1::/48' },
])('a ULA $it', ({ bytes, want }) => expect(formatPrefix(proposeUla(Uint8Array.from(bytes)))).toBe(want))

test('four bytes are too few', () => expect(() => proposeUla(new Uint8Array(4))).toThrow('5 random bytes'))
