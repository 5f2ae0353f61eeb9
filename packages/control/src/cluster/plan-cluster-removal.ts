/** What a cluster loses with a node, and how the node leaves it. */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import type { MemberRecord } from './read-cluster.ts'
import { DRAIN_SECONDS, REMOVAL_STEPS } from './removal-steps.ts'
import { serverFor } from './removal-wishes.ts'

export type ClusterRemoval = {
  readonly kubernetesName: string
  readonly cut: string[]
  readonly steps: { step: string; title: string; by: string }[]
  /** The cluster, or its datastore, would stop. */
  readonly needsForce: boolean
  readonly waitsFor: string | null
}

export function planClusterRemoval(
  settings: Pick<ClusterSettings, 'datastore' | 'name'>,
  members: readonly MemberRecord[],
  member: MemberRecord,
  now: number,
): ClusterRemoval {
  const others = members.filter(({ nodeId, removal }) => nodeId !== member.nodeId && removal === null)
  const servers = others.filter(({ role }) => role === 'server')
  const isLast = member.role === 'server' && servers.length === 0
  const server = serverFor(members, member.nodeId, now)
  const ready = servers.filter(({ seen }) => seen?.ready === 'True')
  const losesQuorum =
    member.role === 'server' &&
    settings.datastore === 'etcd' &&
    servers.length > 0 &&
    ready.length < Math.floor(servers.length / 2) + 1
  const cut = [
    `Pods on ${member.kubernetesName} are moved to other nodes within ${DRAIN_SECONDS} s; what they keep in the node's own directories is gone`,
    ...(isLast ? [lastServer(settings.name, others)] : []),
    ...(losesQuorum
      ? [`etcd would stop: of the ${servers.length} servers that are left only ${ready.length} are Ready`]
      : []),
    ...(member.role === 'server' && settings.datastore === 'etcd' && !losesQuorum && !isLast
      ? [quorum(servers.length)]
      : []),
  ]
  return {
    kubernetesName: member.kubernetesName,
    cut,
    steps: REMOVAL_STEPS.map(({ step, title, on }) => ({
      step,
      title,
      by: on === 'node' ? member.nodeName : (server?.nodeName ?? 'a server of the cluster'),
    })),
    needsForce: isLast || losesQuorum,
    waitsFor:
      server || isLast ? null : 'no server of the cluster reports: the steps wait for one, or are left out one by one',
  }
}

function lastServer(name: string, agents: readonly MemberRecord[]): string {
  const left = agents.length === 0 ? '' : `; ${agents.map(({ nodeName }) => nodeName).join(', ')} lose their API`
  return `${name} ends with its only server${left}`
}

function quorum(left: number): string {
  const bears = Math.ceil(left / 2) - 1
  return bears === 0
    ? `With ${left} server${left === 1 ? '' : 's'} left etcd bears no further loss`
    : `With ${left} servers left etcd bears the loss of ${bears}`
}
