import { expect, test } from 'vitest'
import { clockSkewMs, clockStatus } from './clock-status.ts'

const now = 1_790_000_000_500

test.each([
  { it: 'agrees', node: 1_790_000_000, status: 'ok', sentence: 'clock agrees with the server within 10 s' },
  { it: 'is 10 s ahead', node: 1_790_000_010, status: 'ok', sentence: 'clock agrees with the server within 10 s' },
  { it: 'is 11 s ahead', node: 1_790_000_011, status: 'warn', sentence: 'clock is 11 s ahead of the server' },
  { it: 'is 11 s behind', node: 1_789_999_989, status: 'warn', sentence: 'clock is 11 s behind the server' },
  { it: 'is 120 s behind', node: 1_789_999_880, status: 'warn', sentence: 'clock is 2 min behind the server' },
  { it: 'is 121 s behind', node: 1_789_999_879, status: 'bad', sentence: 'clock is 2 min behind the server' },
  { it: 'starts in 1970', node: 60, status: 'bad', sentence: 'clock is 20718 d behind the server' },
  {
    it: 'says nothing readable',
    node: Number.NaN,
    status: 'bad',
    sentence: 'clock is an unreadable time ahead of the server',
  },
])('a clock that $it is $status', ({ node, status, sentence }) => {
  const clock = clockStatus(clockSkewMs(node, now))
  expect(clock).toMatchObject({ status, sentence })
  expect(clock.fix === null).toBe(status === 'ok')
})
