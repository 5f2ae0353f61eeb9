import { expect, test } from 'vitest'
import type { Problem } from '../node/problem.ts'
import { type NetworkHealth, networkProblem } from './network-problem.ts'

const now = Date.UTC(2026, 0, 2)
const well: NetworkHealth = { restoredAt: null, hasGateway: true, joined: 3, behindEpoch: 0, problems: [] }
const gone: Problem = { severity: 'bad', text: 'home-1 is gone', fix: 'Look.' }
const behind: Problem = { severity: 'warn', text: 'home-2 is behind', fix: 'Look.' }
const invited: Problem = { severity: 'info', text: 'home-3 has not joined yet', fix: 'Paste.' }
const restoredAt = now - 2 * 3600_000

test.each<{ it: string; network: NetworkHealth; want: unknown }>([
  { it: 'that is well says nothing', network: well, want: null },
  { it: 'that is empty says nothing', network: { ...well, joined: 0, hasGateway: false }, want: null },
  { it: 'does not call an open invitation a problem', network: { ...well, problems: [invited] }, want: null },
  {
    it: 'without a gateway at work says that first',
    network: { ...well, hasGateway: false, problems: [gone] },
    want: { severity: 'bad', text: 'No gateway is at work: its nodes cannot reach each other' },
  },
  {
    it: 'says the worst and how many more',
    network: { ...well, problems: [behind, gone, gone] },
    want: { severity: 'bad', text: 'home-1 is gone; 1 more node has a problem' },
  },
  {
    it: 'that was restored says how far its nodes are',
    network: { ...well, restoredAt, behindEpoch: 2, problems: [behind] },
    want: {
      severity: 'warn',
      text: 'The database was restored from an older state 2 h ago; 2 nodes have yet to take its configuration',
    },
  },
  {
    it: 'forgets the restore after a day',
    network: { ...well, restoredAt: now - 25 * 3600_000, problems: [behind] },
    want: { severity: 'warn', text: 'home-2 is behind' },
  },
])('a network $it', ({ network, want }) => expect(networkProblem(network, now)).toEqual(want))
