import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { ConfirmSeconds } from './confirm-seconds.ts'
import { TrialRow } from './policy-row.ts'
import { judgePolicy, refuseUnchanged } from './refuse-policy.ts'
import { BasedOn, refuseRunningTrial, refuseStale, seenVersion, startTrial } from './start-trial.ts'
import { findWell } from './trial-facts.ts'
import { readTrialRow } from './trial-row.ts'

export const RestorePolicy = z.object({
  networkId: z.uuid(),
  number: z.int().min(1),
  confirmSeconds: ConfirmSeconds,
  acceptClusterWarnings: z.boolean().optional(),
  basedOn: BasedOn,
})
export const RestorePolicyOutput = TrialRow

/** An older text as a new version, which is tried like any other: the network may be another one than it was written for. */
export async function restorePolicy(ctx: Context, input: z.infer<typeof RestorePolicy>): Promise<TrialRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  const seen = await seenVersion(ctx, organizationId, input)
  const { networkId, number: from } = input
  const version = await ctx.db.prisma.policyVersion.findUnique({
    where: { networkId_number: { networkId, number: from } },
  })
  if (!version) throw new Refusal('NOT_FOUND', `There is no version ${from} of this policy.`, { field: 'number' })
  const watched = await findWell(ctx, organizationId, networkId)
  await inTransaction(ctx, async (tx) => {
    const network = await lockNetwork(tx, organizationId, networkId)
    await judgePolicy(tx, ctx, network, { ...input, text: version.text })
    await refuseRunningTrial(tx, network.id)
    refuseStale(network, seen)
    await refuseUnchanged(tx, network, version.text)
    const { number, after } = await startTrial(tx, ctx, network, {
      text: version.text,
      comment: version.comment,
      restoredFrom: from,
      confirmSeconds: input.confirmSeconds,
      watched,
    })
    await audit(tx, ctx, {
      action: 'policy.restore',
      network: network.id,
      subject: { kind: 'policy', id: network.id, name: `version ${number}` },
      before: { number: network.policyNumber },
      after,
    })
  })
  return (await readTrialRow(ctx, organizationId, networkId)) as TrialRow
}
