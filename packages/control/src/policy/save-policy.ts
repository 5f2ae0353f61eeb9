import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { ConfirmSeconds } from './confirm-seconds.ts'
import { TrialRow } from './policy-row.ts'
import { PolicyText } from './policy-text.ts'
import { judgePolicy, refuseUnchanged } from './refuse-policy.ts'
import { BasedOn, refuseRunningTrial, refuseStale, seenVersion, startTrial } from './start-trial.ts'
import { findWell } from './trial-facts.ts'
import { readTrialRow } from './trial-row.ts'

export const SavePolicy = z.object({
  networkId: z.uuid(),
  text: PolicyText,
  comment: z.string().trim().max(500, 'A comment has 500 characters at most.').optional(),
  confirmSeconds: ConfirmSeconds,
  /** What it cuts of a cluster is meant so. */
  acceptClusterWarnings: z.boolean().optional(),
  basedOn: BasedOn,
})
export const SavePolicyOutput = TrialRow

/** Writes a version and puts it on trial: it holds once those who are well at this moment are well under it. */
export async function savePolicy(ctx: Context, input: z.infer<typeof SavePolicy>): Promise<TrialRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  const seen = await seenVersion(ctx, organizationId, input)
  const watched = await findWell(ctx, organizationId, input.networkId)
  await inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, input.networkId)
    // Under the lock: who renames a node or saves meanwhile comes before or after this, never in between.
    await judgePolicy(tx, ctx, network, input)
    await refuseRunningTrial(tx, network.id)
    refuseStale(network, seen)
    await refuseUnchanged(tx, network, input.text)
    const { confirmSeconds, comment = null } = input
    const { number, after } = await startTrial(tx, ctx, network, {
      ...{ text: input.text, comment, restoredFrom: null, confirmSeconds, watched },
    })
    await audit(tx, ctx, {
      action: 'policy.save',
      network: network.id,
      subject: { kind: 'policy', id: network.id, name: `version ${number}` },
      before: { number: network.policyNumber },
      after,
    })
  })
  return (await readTrialRow(ctx, organizationId, input.networkId)) as TrialRow
}
