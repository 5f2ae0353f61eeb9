import { expect, test } from 'vitest'
import { humanAge } from './human-age.ts'

test.each([
  { ms: 0, want: '0 s' },
  { ms: -5000, want: '0 s' },
  { ms: 41_999, want: '41 s' },
  { ms: 119_999, want: '119 s' },
  { ms: 120_000, want: '2 min' },
  { ms: 7_199_000, want: '119 min' },
  { ms: 7_200_000, want: '2 h' },
  { ms: 172_799_000, want: '47 h' },
  { ms: 172_800_000, want: '2 d' },
])('$ms ms are $want', ({ ms, want }) => expect(humanAge(ms)).toBe(want))
