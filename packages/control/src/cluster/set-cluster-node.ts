import { checkClusterNode } from '@spanwire/mesh/cluster/cluster-node'
import { parseDnsLabel } from '@spanwire/mesh/names/dns-label'
import { z } from 'zod'
import { accept } from '../accept.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { type ClusterNode, duplicateOf, type Tx } from '../db.ts'
import { notify } from '../hints.ts'
import { lockNode } from '../node/lock-node.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { ClusterRole } from './cluster-row.ts'
import { dropMember } from './drop-member.ts'

export const SetClusterNode = z.object({
  nodeId: z.uuid(),
  /** null: in the network only */
  role: ClusterRole.nullable(),
  kubernetesName: z.string().max(300).optional(),
  labels: z.record(z.string().max(400), z.string().max(100)).optional(),
  taints: z.array(z.string().max(500)).max(50).optional(),
})
export const SetClusterNodeOutput = z.object({ nodeId: z.string(), role: ClusterRole.nullable() })

/** What a node is to be in its network's cluster, until its k3s has begun: then it leaves by the steps of a removal. */
export async function setClusterNode(
  ctx: Context,
  input: z.infer<typeof SetClusterNode>,
): Promise<z.infer<typeof SetClusterNodeOutput>> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { node, network } = await lockNode(tx, organizationId, input.nodeId)
    const before = await tx.clusterNode.findUnique({ where: { nodeId: node.id } })
    if (before?.said && (input.role !== before.role || input.kubernetesName !== undefined)) throw begun(node.name)
    const cluster = await tx.cluster.findUnique({ where: { networkId: network.id } })
    if (!cluster) throw noCluster(network.name)
    const after = input.role === null ? null : await acceptNode(tx, cluster.id, node, input, before)
    await bumpRevision(tx, network.id)
    if (!after) {
      if (before) await dropMember(tx, before)
    } else {
      const data = { ...after, clusterId: cluster.id }
      await tx.clusterNode.upsert({ where: { nodeId: node.id }, create: { ...data, nodeId: node.id }, update: data })
    }
    await audit(tx, ctx, {
      action: 'cluster.node',
      network: network.id,
      subject: { kind: 'node', id: node.id, name: node.name },
      before: before ? shown(before) : { role: null },
      after: after ? shown(after) : { role: null },
    })
    await notify(tx, { kind: 'node', network: network.id, node: node.id, organization: organizationId })
  }).catch((error) => {
    throw duplicateOf(error) ? takenName() : error
  })
  return { nodeId: input.nodeId, role: input.role }
}

type Wanted = Pick<ClusterNode, 'role' | 'first' | 'kubernetesName'> & {
  labels: Record<string, string>
  taints: string[]
}

async function acceptNode(
  tx: Tx,
  clusterId: string,
  node: { id: string; name: string },
  input: z.infer<typeof SetClusterNode>,
  before: ClusterNode | null,
): Promise<Wanted> {
  const role = input.role ?? 'agent'
  const labels = input.labels ?? ((before?.labels ?? {}) as Record<string, string>)
  const taints = input.taints ?? ((before?.taints ?? []) as string[])
  const [finding] = checkClusterNode({ labels, taints, zone: null, region: null })
  if (finding) throw new Refusal('BAD_REQUEST', finding.text, { field: finding.field, fix: finding.fix })
  const kubernetesName = accept(
    parseDnsLabel(input.kubernetesName ?? before?.kubernetesName ?? node.name, 'Kubernetes name'),
    'kubernetesName',
  )
  const servers = await tx.clusterNode.findMany({ where: { clusterId, role: 'server', nodeId: { not: node.id } } })
  const first = role === 'server' && !servers.some((server) => server.first)
  if (role === 'server' && !first) await needSharedDatastore(tx, clusterId)
  if (role === 'agent' && !servers.some((server) => server.first)) throw serverFirst()
  return { role, first, kubernetesName, labels, taints }
}

async function needSharedDatastore(tx: Tx, clusterId: string): Promise<void> {
  const { settings } = await tx.cluster.findUniqueOrThrow({ where: { id: clusterId } })
  if ((settings as { datastore?: string }).datastore !== 'sqlite') return
  throw new Refusal('PRECONDITION_FAILED', 'SQLite has room for one server only.', {
    field: 'role',
    reason: 'sqlite-one-server',
    fix: 'Make this machine an agent. For several servers the cluster needs embedded etcd or an external datastore.',
  })
}

const shown = ({ role, kubernetesName, labels, taints, first }: Wanted | ClusterNode) => ({
  role,
  kubernetesName,
  labels: labels as Record<string, string>,
  taints: taints as string[],
  first,
})

const noCluster = (network: string) =>
  new Refusal('PRECONDITION_FAILED', `The network ${network} has no cluster yet.`, {
    reason: 'no-cluster',
    fix: 'Make one on its Cluster page first.',
  })
const serverFirst = () =>
  new Refusal('PRECONDITION_FAILED', 'The first machine of a cluster is a server: agents join it.', {
    field: 'role',
    reason: 'server-first',
    fix: 'Make this one a server, or begin with another machine.',
  })
const begun = (name: string) =>
  new Refusal('CONFLICT', `k3s has begun on ${name} already.`, {
    reason: 'k3s-begun',
    fix: 'Take it out of the cluster first, by "Remove from cluster" on its page.',
  })
const takenName = () =>
  new Refusal('CONFLICT', 'Another node of the cluster has this Kubernetes name.', {
    field: 'kubernetesName',
    reason: 'name-taken',
    fix: 'Choose another name.',
  })
