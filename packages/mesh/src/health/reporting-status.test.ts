import { expect, test } from 'vitest'
import { REPORT_FRESH_MS, REPORT_LATE_MS, reportingStatus } from './reporting-status.ts'

const now = 1_790_000_000_000
const ago = (seconds: number) => now - seconds * 1000

test.each([
  { it: 'is up at once', at: ago(0), want: 'up' },
  { it: 'is up while one report may be lost', at: ago(45), want: 'up' },
  { it: 'is late after that', at: ago(45) - 1, want: 'late' },
  { it: 'is late up to 90 s', at: ago(90), want: 'late' },
  { it: 'is silent after that', at: ago(90) - 1, want: 'silent' },
  { it: 'that never reported is not silent but unheard of', at: null, want: 'never' },
  { it: 'is up although our clock went back by a second', at: ago(-1), want: 'up' },
  { it: 'is silent when our clock went back by an hour, until it reports again', at: ago(-3600), want: 'silent' },
])('a node $it', ({ at, want }) => expect(reportingStatus(at, now).status).toBe(want))

test('the seconds that the pages state are these', () =>
  expect([REPORT_FRESH_MS, REPORT_LATE_MS]).toEqual([45_000, 90_000]))

test('the sentence has the age', () => {
  expect(reportingStatus(ago(3), now).sentence).toBe('reports, last 3 s ago')
  expect(reportingStatus(ago(60), now).sentence).toBe('late: last report 60 s ago, one is due every 20 s')
  expect(reportingStatus(ago(600), now).sentence).toBe('silent: last report 10 min ago')
})
