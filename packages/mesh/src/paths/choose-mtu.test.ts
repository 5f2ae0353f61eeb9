import { expect, test } from 'vitest'
import { parseMtu } from '../wireguard/mtu.ts'
import { chooseMtu } from './choose-mtu.ts'

const v4 = (bytes: number) => ({ bytes, outside: 'ipv4' as const })
const v6 = (bytes: number) => ({ bytes, outside: 'ipv6' as const })

test.each([
  {
    it: 'is not known while nothing is measured',
    inUse: 1420,
    ways: [],
    want: { verdict: 'unknown', narrowest: null, wanted: null },
  },
  {
    it: 'fits Ethernet',
    inUse: 1420,
    ways: [v4(1500), v6(1500)],
    want: { verdict: 'fits', leaves: 1420, wanted: null, room: null },
  },
  {
    it: 'fits PPPoE with IPv4 outside',
    inUse: 1420,
    ways: [v4(1500), v4(1492)],
    want: { verdict: 'fits', leaves: 1432, narrowest: v4(1492) },
  },
  {
    it: 'is too large for PPPoE with IPv6 outside',
    inUse: 1420,
    ways: [v4(1492), v6(1492)],
    want: { verdict: 'narrow', leaves: 1412, wanted: 1412, narrowest: v6(1492) },
  },
  {
    it: 'is lowered to the narrowest way',
    inUse: 1420,
    ways: [v4(1500), v4(1400), v4(1460)],
    want: { verdict: 'narrow', leaves: 1340, wanted: 1340, narrowest: v4(1400) },
  },
  {
    it: 'is not lowered below what IPv6 works with',
    inUse: 1420,
    ways: [v4(1280)],
    want: { verdict: 'too-narrow', leaves: 1220, wanted: 1280 },
  },
  {
    it: 'is as low as it may be',
    inUse: 1280,
    ways: [v4(1300)],
    want: { verdict: 'too-narrow', leaves: 1240, wanted: null },
  },
  { it: 'is not raised by itself', inUse: 1340, ways: [v4(1500)], want: { verdict: 'fits', wanted: null, room: 1420 } },
  {
    it: 'has no room that IPv6 outside would take',
    inUse: 1420,
    ways: [v4(1500)],
    want: { verdict: 'fits', leaves: 1440, room: null },
  },
  {
    it: 'knows jumbo frames',
    inUse: 8920,
    ways: [v4(9000), v4(1500)],
    want: { verdict: 'narrow', leaves: 1440, wanted: 1440 },
  },
])('the MTU of a network $it', ({ inUse, ways, want }) => {
  const choice = chooseMtu(inUse, ways)
  expect(choice).toMatchObject(want)
  if (choice.wanted !== null) expect(parseMtu(choice.wanted).ok).toBe(true)
})

test('once what is wanted is set, nothing more is wanted', () => {
  for (const ways of [[v4(1400)], [v6(1300), v4(1280)], [v4(1492), v6(1492)]]) {
    const { wanted } = chooseMtu(1420, ways)
    expect(chooseMtu(wanted ?? 0, ways).wanted).toBeNull()
  }
})
