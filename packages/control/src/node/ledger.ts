/** The ledger of a join as a console reads it; the rules stand in mesh/enrolment. */
import { z } from 'zod'
import { PreflightFinding } from '../cluster/preflight-row.ts'
import { NodeRole, NodeState } from './node-row.ts'

export const LedgerStep = z.object({
  step: z.enum([
    'preflight',
    'keys',
    'enrolled',
    'interface',
    'handshake',
    'reachable',
    // of who joins the cluster too
    'api-reachable',
    'k3s-installed',
    'registered',
    'ready',
    'pod-range',
    'pod-answered',
  ]),
  state: z.enum(['waiting', 'running', 'node-says', 'green', 'failed', 'timed-out', 'not-yet']),
  title: z.string(),
  evidence: z.string().nullable(),
  at: z.string().nullable(),
  fix: z.string().nullable(),
  /** The node's code for its failure. */
  code: z.string().nullable(),
})
export type LedgerStep = z.infer<typeof LedgerStep>

export const Ledger = z
  .object({
    node: z.object({
      id: z.string(),
      name: z.string(),
      role: NodeRole,
      state: NodeState,
      address4: z.string().nullable(),
    }),
    steps: z.array(LedgerStep),
    /** What was found on the machine, and k3s is not installed before. */
    findings: z.array(PreflightFinding),
    done: z.boolean(),
    /** A sentence of measured numbers. */
    summary: z.string().nullable(),
    tokenExpiresAt: z.string().nullable(),
    tokenUsed: z.boolean(),
  })
  .meta({ id: 'Ledger' })
export type Ledger = z.infer<typeof Ledger>
