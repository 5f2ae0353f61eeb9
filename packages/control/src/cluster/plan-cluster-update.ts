/** What a change of settings changes on each machine that has joined, and in what order it would get there. */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import type { ConfigEntry } from '@spanwire/mesh/cluster/config-entries'
import { planRollout, type RolloutPlan } from '@spanwire/mesh/cluster/rollout'
import { parseK3sVersion, upgradeProblem } from '@spanwire/mesh/cluster/version'
import type { Seal } from '../secrets.ts'
import { type FileMember, memberEntries, memberFiles, type Wanted } from './member-files.ts'

export type ClusterUpdatePlan = RolloutPlan & {
  /** Nodes on which a file changes that is not shown: secrets, registries, the installer. */
  readonly hidden: ReadonlySet<string>
}

export function planClusterUpdate(
  seal: Seal,
  members: readonly FileMember[],
  before: Wanted,
  after: Wanted,
): ClusterUpdatePlan {
  const joined = members.filter((member) => member.hasBegun && !member.isLeaving)
  const hidden = new Set(
    joined.filter((member) => hasHidden(seal, members, member, before, after)).map(({ nodeId }) => nodeId),
  )
  const plan = planRollout(
    joined.map((member) => ({
      id: member.nodeId,
      name: member.nodeName,
      ordinal: member.ordinal ?? 0,
      role: member.role,
      before: [...memberEntries(members, member, before.settings), ...release(before.settings)],
      after: [...memberEntries(members, member, after.settings), ...release(after.settings)],
      hasHiddenChange: hidden.has(member.nodeId),
    })),
  )
  return { ...plan, refused: [...plan.refused, ...versionRefusal(before.settings, after.settings, joined)], hidden }
}

function hasHidden(
  seal: Seal,
  members: readonly FileMember[],
  member: FileMember,
  before: Wanted,
  after: Wanted,
): boolean {
  // The release is shown; the rest of what the installer is told is not.
  const unshown = (wanted: Wanted) =>
    (memberFiles(seal, members, member, wanted) ?? [])
      .filter(({ name }) => name !== 'k3s/config.yaml')
      .map(({ name, text }) => `${name}\n${text.replace(/^(version|channel) .*$/m, '')}`)
      .join()
  return unshown(before) !== unshown(after)
}

const RELEASE = 'k3s release'

const release = ({ release }: ClusterSettings): ConfigEntry[] => [
  { key: RELEASE, value: release.kind === 'version' ? release.version : `channel ${release.channel}` },
]

function versionRefusal(
  before: ClusterSettings,
  after: ClusterSettings,
  joined: readonly FileMember[],
): RolloutPlan['refused'] {
  const [first] = joined
  if (!first || before.release.kind !== 'version' || after.release.kind !== 'version') return []
  const [from, to] = [parseK3sVersion(before.release.version), parseK3sVersion(after.release.version)]
  const problem = from.ok && to.ok ? upgradeProblem(from.value, to.value) : null
  if (problem === null) return []
  const change = {
    key: RELEASE,
    before: before.release.version,
    after: after.release.version,
    effect: 'never' as const,
    note: problem,
  }
  return [{ name: first.nodeName, change }]
}
