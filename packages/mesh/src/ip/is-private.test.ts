import { expect, test } from 'vitest'
import { parseAddress } from './address.ts'
import { isPrivate } from './is-private.ts'

test.each([
  { text: '10.0.0.1', want: true },
  { text: '9.255.255.255', want: false },
  { text: '11.0.0.0', want: false },
  { text: '172.15.255.255', want: false },
  { text: '172.16.0.0', want: true },
  { text: '172.31.255.255', want: true },
  { text: '172.32.0.0', want: false },
  { text: '192.168.1.1', want: true },
  { text: '192.169.0.0', want: false },
  { text: '100.63.255.255', want: false },
  { text: '100.64.0.0', want: true },
  { text: '100.127.255.255', want: true },
  { text: '100.128.0.0', want: false },
  { text: '169.254.169.254', want: true },
  { text: '127.0.0.1', want: true },
  { text: '203.0.113.7', want: false },
  { text: '8.8.8.8', want: false },
  { text: '::1', want: true },
  { text: '::2', want: false },
  { text: 'fd00::1', want: true },
  { text: 'fc00::1', want: true },
  { text: 'fe00::1', want: false },
  { text: 'fe80::1', want: true },
  { text: 'febf::1', want: true },
  { text: 'fec0::1', want: false },
  { text: '2001:db8::1', want: false },
  { text: '::ffff:10.0.0.1', want: true },
  { text: '::ffff:8.8.8.8', want: false },
])('$text is private: $want', ({ text, want }) => {
  const parsed = parseAddress(text)
  expect(parsed.ok && isPrivate(parsed.value)).toBe(want)
})
