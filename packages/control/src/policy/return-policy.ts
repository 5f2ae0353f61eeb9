import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { endTrial } from './end-trial.ts'
import { TrialRow } from './policy-row.ts'
import { runningTrial } from './running-trial.ts'
import { judgeNow, readTrialRow } from './trial-row.ts'

export const ReturnPolicy = z.object({ networkId: z.uuid() })
export const ReturnPolicyOutput = TrialRow

/** A person takes back what is on trial: all machines go back to the rules before. */
export async function returnPolicy(ctx: Context, input: z.infer<typeof ReturnPolicy>): Promise<TrialRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  await inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.networkId)
    const trial = await runningTrial(tx, network.id)
    const { nodes } = await judgeNow(ctx, organizationId, trial)
    const reason = 'A person took it back.'
    await endTrial(tx, ctx, trial, 'returned', { reason, nodes })
    await audit(tx, ctx, {
      action: 'policy.return',
      network: network.id,
      subject: { kind: 'policy', id: network.id, name: `version ${trial.number}` },
      after: { number: trial.number, holds: network.policyNumber, reason },
    })
  })
  return (await readTrialRow(ctx, organizationId, input.networkId)) as TrialRow
}
