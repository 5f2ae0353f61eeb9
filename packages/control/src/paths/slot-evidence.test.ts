import { expect, test } from 'vitest'
import { mayCarry, type SlotFacts, slotEvidence } from './slot-evidence.ts'

const NOW = 10_000_000
const facts: SlotFacts = {
  slots: { a: 'gw-1', b: 'gw-2', first: 'a' },
  slotsAt: null,
  reportedAt: NOW - 5_000,
  isCurrent: true,
  defaultWay: null,
  links: [
    { peerId: 'gw-1', interfaceName: 'span0', state: 'dead', reportedAt: NOW - 5_000 },
    { peerId: 'gw-2', interfaceName: 'span0b', state: 'alive', reportedAt: NOW - 5_000 },
  ],
}

test('what the member says of its two tunnels', () =>
  expect(slotEvidence('span0', facts, NOW)).toEqual({ isAlive: { a: false, b: true }, carries: null }))

test.each<{ it: string; change: Partial<SlotFacts> }>([
  { it: 'is silent', change: { reportedAt: NOW - 60_000 } },
  { it: 'never reported', change: { reportedAt: null } },
  { it: 'has not taken what it was told last', change: { isCurrent: false } },
  { it: 'was moved a moment ago and has said nothing of it', change: { slotsAt: NOW - 60_000 } },
])('nothing is done about a member that $it', ({ change }) =>
  expect(slotEvidence('span0', { ...facts, ...change }, NOW)).toBeNull(),
)

test('its own word of what carries comes first, however new the slots are', () => {
  const said = slotEvidence('span0', { ...facts, slotsAt: NOW - 1_000, defaultWay: 'span0b' }, NOW)
  expect(said?.carries).toBe('b')
})

test('a tunnel to another gateway than the one that the slot is aimed at proves nothing', () => {
  const slots = { a: 'gw-1', b: 'gw-3', first: 'a' } as const
  expect(slotEvidence('span0', { ...facts, slots }, NOW)?.isAlive).toEqual({ a: false, b: null })
})

test('an old word of a tunnel is none', () => {
  const links = facts.links.map((link) => ({ ...link, reportedAt: NOW - 60_000 }))
  expect(slotEvidence('span0', { ...facts, links }, NOW)?.isAlive).toEqual({ a: null, b: null })
})

test.each<{ it: string; change: Partial<SlotFacts>; want: boolean }>([
  { it: 'is its first one', change: {}, want: true },
  {
    it: 'was its first one until a moment ago',
    change: { slots: { ...facts.slots, first: 'b' }, slotsAt: NOW },
    want: true,
  },
  {
    it: 'is what it says it goes by',
    change: { slots: { ...facts.slots, first: 'b' }, defaultWay: 'span0' },
    want: true,
  },
  {
    it: 'is not what it says it goes by',
    change: { slots: { ...facts.slots, first: 'b' }, defaultWay: 'span0b' },
    want: false,
  },
  { it: 'would carry it, if it were not silent', change: { reportedAt: NOW - 60_000 }, want: false },
])('a member may go by a gateway that $it', ({ change, want }) =>
  expect(mayCarry('span0', { ...facts, ...change }, 'gw-1', NOW)).toBe(want),
)
