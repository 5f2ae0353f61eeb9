import { expect, test } from 'vitest'
import { foundWord } from './found-word.ts'

test.each([
  { counts: null, want: null },
  { counts: { critical: 0, warning: 0, info: 2 }, want: null },
  { counts: { critical: 0, warning: 1, info: 0 }, want: { status: 'warn', text: '1 warning' } },
  { counts: { critical: 1, warning: 2, info: 1 }, want: { status: 'bad', text: '1 critical, 2 warnings' } },
])('$counts is told as $want', ({ counts, want }) => expect(foundWord(counts)).toEqual(want))
