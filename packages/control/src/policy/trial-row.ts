import { judgeTrial, type WatchedNode } from '@spanwire/mesh/policy/judge-trial'
import type { Context } from '../context.ts'
import type { PolicyTrial } from '../db.ts'
import type { TrialRow } from './policy-row.ts'
import { readTrialFacts } from './trial-facts.ts'

/** The last trial of a network; while it runs as it stands at this moment. Null when there was none. */
export async function readTrialRow(ctx: Context, organizationId: string, networkId: string): Promise<TrialRow | null> {
  const trial = await ctx.db.prisma.policyTrial.findUnique({ where: { networkId } })
  if (!trial) return null
  const ended = { reason: trial.reason ?? '', nodes: (trial.nodes ?? []) as TrialRow['nodes'], allWell: false }
  const { reason, nodes, allWell } = trial.state === 'running' ? await judgeNow(ctx, organizationId, trial) : ended
  return {
    id: trial.id,
    number: trial.number,
    state: trial.state as TrialRow['state'],
    startedAt: trial.startedAt.toISOString(),
    deadlineAt: trial.deadlineAt.toISOString(),
    startedBy: trial.startedBy,
    needsConfirm: trial.needsConfirm,
    endedAt: trial.endedAt?.toISOString() ?? null,
    reason,
    allWell,
    nodes: nodes.map((node) => ({ ...node })),
  }
}

export async function judgeNow(ctx: Pick<Context, 'db' | 'now'>, organizationId: string, trial: PolicyTrial) {
  const facts = await readTrialFacts(ctx, organizationId, trial.networkId, trial.id)
  const times = {
    startedAt: trial.startedAt.getTime(),
    deadlineAt: trial.deadlineAt.getTime(),
    needsConfirm: trial.needsConfirm,
  }
  return judgeTrial(times, trial.watched as WatchedNode[], facts, ctx.now().getTime())
}
