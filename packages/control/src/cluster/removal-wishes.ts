/** The next step of each removal that is under way, and who does it. */
import { REPORT_FRESH_MS } from '@spanwire/mesh/health/reporting-status'
import type { Wish } from './ask-nodes.ts'
import type { MemberRecord } from './read-cluster.ts'
import { nextRemovalStep } from './removal-steps.ts'

export function removalWishes(members: readonly MemberRecord[], now: number): Wish[] {
  return members.flatMap((member): Wish[] => {
    const step = nextRemovalStep(member.removal)
    if (!step || member.removal?.[step.step]?.state === 'asked') return []
    const onServer = step.on === 'server'
    const nodeId = onServer ? serverFor(members, member.nodeId, now)?.nodeId : member.nodeId
    if (nodeId === undefined) return []
    return [
      { nodeId, kind: step.kind, args: step.args(member.kubernetesName), forNodeId: onServer ? member.nodeId : null },
    ]
  })
}

/** A server that runs and reports, and that does not leave itself. */
export function serverFor(
  members: readonly MemberRecord[],
  leaving: string | null,
  now: number,
): MemberRecord | undefined {
  return members.find(
    ({ nodeId, role, removal, said, reportedAt }) =>
      nodeId !== leaving &&
      role === 'server' &&
      removal === null &&
      said?.service === 'active' &&
      reportedAt !== null &&
      Math.abs(now - reportedAt) <= REPORT_FRESH_MS,
  )
}
