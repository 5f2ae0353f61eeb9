import { expect, test } from 'vitest'
import { proofWords } from './proof-words.ts'

const AT = '2026-11-22T10:00:00.000Z'
const SINCE = '2026-11-22T10:01:00.000Z'

test.each([
  { it: 'a living way', kind: 'relayed', status: 'up', evidenceAt: AT, want: { label: 'Proven', at: AT } },
  {
    it: 'a dead one that lived',
    kind: 'relayed',
    status: 'down',
    evidenceAt: AT,
    want: { label: 'Last alive', at: AT },
  },
  {
    it: 'one of which nobody reports any more',
    kind: 'direct',
    status: 'stale',
    evidenceAt: AT,
    want: { label: 'Last alive', at: AT },
  },
  {
    it: 'one that goes one way',
    kind: 'direct',
    status: 'one-way',
    evidenceAt: AT,
    want: { label: 'One end heard', at: AT },
  },
  {
    it: 'no way at all, since a moment',
    kind: 'unreachable',
    status: 'down',
    evidenceAt: null,
    want: { label: 'No way since', at: SINCE },
  },
  {
    it: 'a dead one of which nothing is remembered',
    kind: 'relayed',
    status: 'down',
    evidenceAt: null,
    want: { label: 'Proven', at: null, text: 'not since the scripts of its ends began' },
  },
  {
    it: 'one that is just being made',
    kind: 'relayed',
    status: 'unknown',
    evidenceAt: null,
    want: { label: 'Proven', at: null, text: 'not yet' },
  },
] as const)('of $it: $want.label', ({ kind, status, evidenceAt, want }) => {
  const words = proofWords({ kind, status, evidenceAt, sinceAt: SINCE })
  expect(words).toMatchObject(want)
  expect(words.text).not.toContain('never')
})
