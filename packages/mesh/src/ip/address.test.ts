import { expect, test } from 'vitest'
import { compareAddresses, formatAddress, parseAddress, sameAddress } from './address.ts'

const canonical = (text: string) => {
  const parsed = parseAddress(text)
  return parsed.ok ? formatAddress(parsed.value) : parsed.error.kind
}

test.each([
  { it: 'an IPv4 address is kept', text: '10.77.0.1', want: '10.77.0.1' },
  { it: 'the highest IPv4 address is kept', text: '255.255.255.255', want: '255.255.255.255' },
  { it: 'the unspecified address is the shortest', text: '0:0:0:0:0:0:0:0', want: '::' },
  { it: 'loopback in full is shortened', text: '0000:0000:0000:0000:0000:0000:0000:0001', want: '::1' },
  { it: 'letters become lower case', text: '2001:DB8::ABCD', want: '2001:db8::abcd' },
  {
    it: 'one zero group is not shortened (RFC 5952 4.2.2)',
    text: '2001:db8:0:1:1:1:1:1',
    want: '2001:db8:0:1:1:1:1:1',
  },
  { it: 'an unnecessary :: for one group is undone', text: '2001:db8::1:1:1:1:1', want: '2001:db8:0:1:1:1:1:1' },
  { it: 'the longest run is shortened (RFC 5952 4.2.3)', text: '2001:0:0:1:0:0:0:1', want: '2001:0:0:1::1' },
  { it: 'the first of two equal runs is shortened', text: '2001:db8:0:0:1:0:0:1', want: '2001:db8::1:0:0:1' },
  { it: 'a run at the end is shortened', text: 'fd12:3456:789a:0:0:0:0:0', want: 'fd12:3456:789a::' },
  { it: 'a mapped address keeps its dotted quad', text: '::ffff:c000:0201', want: '::ffff:192.0.2.1' },
  { it: 'a dotted quad at the end is read', text: '64:ff9b::192.0.2.33', want: '64:ff9b::c000:221' },
])('$it', ({ text, want }) => expect(canonical(text)).toBe(want))

test.each([
  { it: 'nothing', text: '' },
  { it: 'three octets', text: '10.0.0' },
  { it: 'five octets', text: '10.0.0.0.1' },
  { it: 'an octet over 255', text: '10.0.0.256' },
  { it: 'a leading zero, octal to some', text: '010.0.0.1' },
  { it: 'hexadecimal octets', text: '0x0a.0.0.1' },
  { it: 'a space', text: ' 10.0.0.1' },
  { it: 'a newline at the end', text: '10.0.0.1\n' },
  { it: 'a prefix length', text: '10.0.0.1/24' },
  { it: 'seven groups', text: '1:2:3:4:5:6:7' },
  { it: 'nine groups', text: '1:2:3:4:5:6:7:8:9' },
  { it: '"::" that stands for nothing', text: '1:2:3:4::5:6:7:8' },
  { it: 'two "::"', text: '1::2::3' },
  { it: 'three colons', text: ':::' },
  { it: 'a single colon in front', text: ':1::2' },
  { it: 'a group of five digits', text: '12345::' },
  { it: 'a zone', text: 'fe80::1%eth0' },
  { it: 'brackets', text: '[::1]' },
  { it: 'digits of another script', text: '١٠.0.0.1' },
  { it: 'a bad dotted tail', text: '::ffff:192.0.2.256' },
  { it: 'a dotted tail in the middle', text: '::192.0.2.1:1' },
  { it: 'a megabyte of colons', text: ':'.repeat(1_000_000) },
])('$it is refused', ({ text }) => expect(canonical(text)).toBe('bad-address'))

test('what is written is read back, for addresses spread over the whole space', () => {
  for (let i = 0n; i < 400n; i++) {
    const value = (i * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n) & ((1n << (32n * (i % 5n))) - 1n)
    const address = { family: 6, value } as const
    expect(parseAddress(formatAddress(address))).toEqual({ ok: true, value: address })
  }
})

test('order is IPv4 first, then by number, and equality compares families too', () => {
  const four = { family: 4, value: 9n } as const
  const six = { family: 6, value: 1n } as const
  expect([six, four, { family: 4, value: 1n } as const].sort(compareAddresses)).toEqual([
    { family: 4, value: 1n },
    four,
    six,
  ])
  expect(sameAddress({ family: 4, value: 1n }, six)).toBe(false)
  expect(sameAddress({ family: 6, value: 1n }, six)).toBe(true)
})
