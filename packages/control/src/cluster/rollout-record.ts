/** A change of settings on its way, as the cluster's row keeps it. */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { nextRolloutMove, type RolloutMove, type RolloutProgress } from '@spanwire/mesh/cluster/rollout'
import type { Wanted } from './member-files.ts'
import type { MemberRecord } from './read-cluster.ts'

export type Rollout = {
  readonly startedAt: string
  readonly startedBy: string
  /** What those have whose turn has not come. */
  readonly before: ClusterSettings
  /** Sealed, base64. */
  readonly beforeDatastore: string | null
  /** In the order of their turns. `toldAt`: milliseconds; null before its turn. */
  readonly steps: readonly { readonly nodeId: string; readonly name: string; readonly toldAt: number | null }[]
  readonly stopped: { readonly nodeId: string; readonly sentence: string; readonly fix: string } | null
}

export function settingsFor(rollout: Rollout | null, wanted: Wanted, nodeId: string): Wanted {
  const step = rollout?.steps.find((each) => each.nodeId === nodeId)
  if (!rollout || !step || step.toldAt !== null) return wanted
  return {
    settings: rollout.before,
    datastore: rollout.beforeDatastore === null ? null : new Uint8Array(Buffer.from(rollout.beforeDatastore, 'base64')),
  }
}

/** `hashes`: of the files that each is to have. A node that has left the cluster is out of its rollout too. */
export function moveOf(
  rollout: Rollout,
  members: readonly MemberRecord[],
  hashes: ReadonlyMap<string, string>,
  now: number,
): RolloutMove {
  const progress = new Map<string, RolloutProgress>()
  const steps = rollout.steps.flatMap((step) => {
    const member = members.find(({ nodeId }) => nodeId === step.nodeId)
    if (!member || member.removal !== null) return []
    progress.set(step.nodeId, progressOf(member, step.toldAt, hashes.get(step.nodeId)))
    return [{ nodeId: step.nodeId, name: step.name, changes: [], restarts: true }]
  })
  return nextRolloutMove({ steps, unchanged: [], refused: [], cuts: [] }, progress, now)
}

function progressOf(
  { said, saidAt, seen, seenAt, reportedAt }: MemberRecord,
  toldAt: number | null,
  hash: string | undefined,
): RolloutProgress {
  const isSince = (at: number | null) => toldAt === null || (at !== null && at > toldAt)
  return {
    toldAt,
    hasApplied: isSince(saidAt) && hash !== undefined && said?.applied === hash,
    failure: isSince(saidAt) ? (said?.failure?.text ?? null) : null,
    isReady: seen?.ready === 'True' && isSince(seenAt),
    readySince: seen?.since ?? null,
    heardAt: reportedAt,
  }
}
