import { expect, test } from 'vitest'
import { roundMs, tryPhase } from './direct-try.ts'

const now = 1_790_000_000_000
const ago = (seconds: number) => now - seconds * 1000

test.each([
  {
    it: 'waits for its next one',
    last: ago(80),
    next: ago(-200),
    want: { phase: 'waits', last: ago(80), next: ago(-200) },
  },
  {
    it: 'has begun when its minute has come, though no report says so yet',
    last: ago(200),
    next: ago(20),
    want: { phase: 'trying', since: ago(20) },
  },
  { it: 'begins at its very moment', last: ago(200), next: now, want: { phase: 'trying', since: now } },
  { it: 'goes on as its node said', last: ago(40), next: null, want: { phase: 'trying', since: ago(40) } },
  {
    it: 'is over when each endpoint was called, though no report says so yet',
    last: ago(61),
    next: null,
    want: { phase: 'over', since: ago(61) },
  },
  {
    it: 'that was planned is over in its time too',
    last: ago(300),
    next: ago(61),
    want: { phase: 'over', since: ago(61) },
  },
])('a try $it', ({ last, next, want }) => expect(tryPhase({ last, next, roundMs: roundMs(2) }, now)).toEqual(want))

test('a round is as long as the script makes it', () =>
  expect([0, 1, 2, 4].map(roundMs)).toEqual([45_000, 45_000, 60_000, 90_000]))
