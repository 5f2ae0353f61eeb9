import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { endTrial } from './end-trial.ts'
import { TrialRow } from './policy-row.ts'
import { runningTrial } from './running-trial.ts'
import { judgeNow, readTrialRow } from './trial-row.ts'

export const ConfirmPolicy = z.object({ networkId: z.uuid() })
export const ConfirmPolicyOutput = TrialRow

/** A person says that what is on trial is right. Only when all machines are well under it: otherwise they return, whatever is said here. */
export async function confirmPolicy(ctx: Context, input: z.infer<typeof ConfirmPolicy>): Promise<TrialRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  await inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.networkId)
    const trial = await runningTrial(tx, network.id)
    const verdict = await judgeNow(ctx, organizationId, trial)
    if (!verdict.allWell || ctx.now() > trial.deadlineAt)
      throw new Refusal('PRECONDITION_FAILED', verdict.reason, {
        reason: 'not-well',
        fix: 'Wait until all machines are well under it; if they are not in time, all go back by themselves.',
      })
    const reason = 'All machines were well under it, and a person confirmed it.'
    await endTrial(tx, ctx, trial, 'confirmed', { reason, nodes: verdict.nodes })
    await audit(tx, ctx, {
      action: 'policy.confirm',
      network: network.id,
      subject: { kind: 'policy', id: network.id, name: `version ${trial.number}` },
      before: { number: network.policyNumber },
      after: { number: trial.number, reason },
    })
  })
  return (await readTrialRow(ctx, organizationId, input.networkId)) as TrialRow
}
