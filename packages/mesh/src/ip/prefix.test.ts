import { expect, test } from 'vitest'
import { formatAddress, parseAddress } from './address.ts'
import {
  addressAt,
  comparePrefixes,
  contains,
  formatPrefix,
  hostCount,
  hostPrefix,
  overlaps,
  parsePrefix,
} from './prefix.ts'

test.each([
  { text: '10.77.0.0/16', want: '10.77.0.0/16' },
  { text: '0.0.0.0/0', want: '0.0.0.0/0' },
  { text: '10.0.0.1/32', want: '10.0.0.1/32' },
  { text: 'FD00:0:0::/48', want: 'fd00::/48' },
  { text: '::/0', want: '::/0' },
  { text: '::1/128', want: '::1/128' },
])('$text is read and written as $want', ({ text, want }) => expect(formatPrefix(prefix(text))).toBe(want))

test.each([
  { it: 'no length', text: '10.0.0.0', kind: 'bad-prefix' },
  { it: 'a length over 32', text: '10.0.0.0/33', kind: 'bad-prefix' },
  { it: 'a length over 128', text: 'fd00::/129', kind: 'bad-prefix' },
  { it: 'a leading zero in the length', text: '10.0.0.0/08', kind: 'bad-prefix' },
  { it: 'a negative length', text: '10.0.0.0/-1', kind: 'bad-prefix' },
  { it: 'an empty length', text: '10.0.0.0/', kind: 'bad-prefix' },
  { it: 'two lengths', text: '10.0.0.0/8/8', kind: 'bad-prefix' },
  { it: 'a netmask', text: '10.0.0.0/255.0.0.0', kind: 'bad-prefix' },
  { it: 'a newline', text: '10.0.0.0/8\n', kind: 'bad-prefix' },
  { it: 'host bits', text: '10.77.3.4/16', kind: 'host-bits' },
])('$it is refused', ({ text, kind }) => expect(parsePrefix(text)).toMatchObject({ ok: false, error: { kind } }))

test('a range with host bits is refused with the range that was meant', () => {
  expect(parsePrefix('10.77.3.4/16')).toMatchObject({
    error: {
      suggestion: '10.77.0.0/16',
      message: '10.77.3.4/16 names one address inside a range; the range is 10.77.0.0/16',
    },
  })
})

test.each([
  { a: '10.0.0.0/8', b: '10.77.0.0/16', want: true },
  { a: '10.77.0.0/16', b: '10.0.0.0/8', want: true },
  { a: '10.0.0.0/9', b: '10.128.0.0/9', want: false },
  { a: '10.77.0.0/16', b: '10.77.255.255/32', want: true },
  { a: '0.0.0.0/0', b: '::/0', want: false },
  { a: 'fd00::/48', b: 'fd00:0:0:ff00::/64', want: true },
])('$a overlaps $b: $want', ({ a, b, want }) => expect(overlaps(prefix(a), prefix(b))).toBe(want))

test('a range contains its own parts and addresses, and nothing wider', () => {
  expect(contains(prefix('10.0.0.0/8'), prefix('10.77.0.0/16'))).toBe(true)
  expect(contains(prefix('10.77.0.0/16'), prefix('10.0.0.0/8'))).toBe(false)
  expect(contains(prefix('10.77.0.0/16'), address('10.77.255.255'))).toBe(true)
  expect(contains(prefix('10.77.0.0/16'), address('10.78.0.0'))).toBe(false)
  expect(contains(prefix('::/0'), address('10.77.0.1'))).toBe(false)
})

test.each([
  { text: '10.77.0.0/16', want: 65534n },
  { text: '10.77.0.0/30', want: 2n },
  { text: '10.77.0.0/31', want: 0n },
  { text: '10.77.0.0/32', want: 0n },
  { text: 'fd00::/64', want: (1n << 64n) - 1n },
  { text: 'fd00::/128', want: 0n },
])('$text has room for $want machines', ({ text, want }) => expect(hostCount(prefix(text))).toBe(want))

test('addresses are numbered from 1 and end before the broadcast address', () => {
  const at = (ordinal: number) => {
    const found = addressAt(prefix('10.77.0.0/24'), ordinal)
    return found.ok ? formatAddress(found.value) : found.error.kind
  }
  expect([at(0), at(1), at(254), at(255), at(-1)]).toEqual([
    'pool-exhausted',
    '10.77.0.1',
    '10.77.0.254',
    'pool-exhausted',
    'pool-exhausted',
  ])
})

test('a full range says how many machines it has room for', () => {
  expect(addressAt(prefix('10.77.0.0/30'), 3)).toMatchObject({
    error: { message: '10.77.0.0/30 has room for 2 machines; there is no number 3 in it' },
  })
})

test('one address is a range of one, and ranges sort by family, base and width', () => {
  expect(formatPrefix(hostPrefix(address('fd00::5')))).toBe('fd00::5/128')
  const sorted = ['fd00::/48', '10.1.0.0/16', '10.0.0.0/16', '10.0.0.0/8'].map(prefix).sort(comparePrefixes)
  expect(sorted.map(formatPrefix)).toEqual(['10.0.0.0/8', '10.0.0.0/16', '10.1.0.0/16', 'fd00::/48'])
})

function prefix(text: string) {
  const parsed = parsePrefix(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

function address(text: string) {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
