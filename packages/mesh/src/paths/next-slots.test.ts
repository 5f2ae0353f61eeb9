import { expect, test } from 'vitest'
import { randomOf } from '../policy/testing/random.ts'
import type { Gateway } from './gateways.ts'
import { nextSlots, type SlotEvidence, wantedGateways } from './next-slots.ts'
import { type Slots, slotsOf } from './slots.ts'

const alive = (carries: 'a' | 'b' | null, a: boolean | null = true, b: boolean | null = true): SlotEvidence => ({
  carries,
  isAlive: { a, b },
})
const slots = (a: string | null, b: string | null, first: 'a' | 'b' = 'a'): Slots => ({ a, b, first })
const sets = (a: string | null, b: string | null, first: 'a' | 'b') => ({ kind: 'sets', slots: slots(a, b, first) })

test.each([
  { it: 'is where it should be', now: slots('1', '2'), want: ['1', '2'], says: alive('a'), step: { kind: 'done' } },
  {
    it: 'wants another second one',
    now: slots('1', '2'),
    want: ['1', '3'],
    says: alive('a'),
    step: sets('1', '3', 'a'),
  },
  {
    it: 'wants another first one',
    now: slots('1', '2'),
    want: ['3', '2'],
    says: alive('a'),
    step: sets('1', '3', 'a'),
  },
  { it: 'wants them turned', now: slots('1', '2'), want: ['2', '1'], says: alive('a'), step: sets('1', '2', 'b') },
  {
    it: 'has no proof of the other yet',
    now: slots('1', '3'),
    want: ['3', '2'],
    says: alive('a', true, null),
    step: { kind: 'waits', for: 'proof' },
  },
  {
    it: 'has a dead other',
    now: slots('1', '3'),
    want: ['3', '2'],
    says: alive('a', true, false),
    step: { kind: 'waits', for: 'proof' },
  },
  {
    it: 'prefers the other and is not on it yet',
    now: slots('1', '3', 'b'),
    want: ['3', '2'],
    says: alive('a'),
    step: { kind: 'waits', for: 'move' },
  },
  { it: 'has moved', now: slots('1', '3', 'b'), want: ['3', '2'], says: alive('b'), step: sets('2', '3', 'b') },
  {
    it: 'went over by itself',
    now: slots('1', '2'),
    want: ['1', '2'],
    says: alive('b', false),
    step: { kind: 'waits', for: 'proof' },
  },
  {
    it: 'went over and is wanted there',
    now: slots('1', '2'),
    want: ['2', '3'],
    says: alive('b', false),
    step: sets('1', '2', 'b'),
  },
  {
    it: 'says nothing, and its first is dead',
    now: slots('1', '2'),
    want: ['3', null],
    says: alive(null, false, true),
    step: sets('3', '2', 'a'),
  },
  {
    it: 'says nothing at all',
    now: slots('1', '2'),
    want: ['3', null],
    says: alive(null, null, null),
    step: sets('1', '3', 'a'),
  },
  { it: 'is to have no second one', now: slots('1', '2'), want: ['1', null], says: alive('a'), step: { kind: 'done' } },
])('a member that $it', ({ now, want: [first = '', second = null], says, step }) =>
  expect(nextSlots(now, { first: first ?? '', second }, says)).toEqual(step),
)

test('whatever is wanted and said, the tunnel that carries is never aimed elsewhere, and the end is reached', () => {
  let steps = 0
  for (let seed = 1; seed <= 500; seed++) {
    const random = randomOf(seed)
    const ids = ['1', '2', '3', '4']
    const take = () => ids.splice(random.below(ids.length), 1)[0] as string
    let now = slots(take(), take(), random.one(['a', 'b']))
    const line = ['1', '2', '3', '4'].filter((id) => random.chance(60) || id === now.b)
    const wanted = wantedGateways(now, line)
    if (!wanted) continue
    let carries = now.first
    for (let turn = 0; turn < 12; turn++) {
      const says = random.chance(30) ? alive(null, null, null) : alive(carries)
      const step = nextSlots(now, wanted, says)
      if (step.kind === 'sets') {
        steps++
        expect(step.slots.a).not.toBe(step.slots.b)
        // Told by nobody, the preferred one is taken for the one that carries: it is, for as long as it lives.
        expect(step.slots[carries]).toBe(now[carries])
        now = step.slots
      }
      carries = now.first
    }
    expect(nextSlots(now, wanted, alive(carries))).toEqual({ kind: 'done' })
    expect(now[now.first]).toBe(wanted.first)
  }
  expect(steps).toBeGreaterThan(200)
})

test.each([
  { it: 'as it has them', now: slots('1', '2', 'b'), line: ['1', '2', '3'], want: { first: '2', second: '1' } },
  { it: 'without the one that is drained', now: slots('1', '2'), line: ['3', '2'], want: { first: '2', second: '3' } },
  { it: 'none when nobody is left', now: slots('1', '2'), line: [], want: null },
  { it: 'one when one is left', now: slots('1', '2'), line: ['1'], want: { first: '1', second: null } },
])('it is to have its gateways $it', ({ now, line, want }) => expect(wantedGateways(now, line)).toEqual(want))

const gateways = (...drained: boolean[]): Gateway[] =>
  drained.map((draining, i) => ({
    node: { id: `${i + 1}`, draining } as Gateway['node'],
    number: i + 1,
    endpoint: null,
  }))

test.each([
  { it: 'nothing is stored', stored: null, of: gateways(false, false, false), want: slots('1', '2') },
  { it: 'the first is drained', stored: null, of: gateways(true, false, false), want: slots('2', '3') },
  { it: 'all but one are drained', stored: null, of: gateways(true, false), want: slots('2', '1') },
  {
    it: 'what is stored is there',
    stored: slots('3', '1', 'b'),
    of: gateways(false, false, false),
    want: slots('3', '1', 'b'),
  },
  { it: 'one is gone', stored: slots('9', '1', 'b'), of: gateways(false, false, false), want: slots('2', '1', 'b') },
  { it: 'both are the same', stored: slots('1', '1', 'b'), of: gateways(false, false), want: slots('1', '2', 'b') },
  { it: 'one gateway is left', stored: slots('9', '1', 'b'), of: gateways(false), want: slots('1', null, 'a') },
  { it: 'nobody is left', stored: slots('9', '1', 'b'), of: [], want: slots(null, null) },
])('when $it, the gaps are filled', ({ stored, of, want }) => expect(slotsOf(stored, of)).toEqual(want))
