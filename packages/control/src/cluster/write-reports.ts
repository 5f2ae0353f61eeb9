/**
 * What reports say of clusters, put into the rows of their nodes: each node's own words, and what a server showed of everybody. New pod
 * ranges are a new revision, since every peer's AllowedIPs follow them.
 */
import { k3sLogCode } from '@spanwire/mesh/cluster/k3s-log-code'
import type { KubeNode } from '@spanwire/mesh/cluster/node-status'
import { humanAge } from '@spanwire/mesh/health/human-age'
import type { K3sReport } from '@spanwire/mesh/protocol/parse-k3s'
import type { StepConfirmation } from '../machine/confirm-steps.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import type { Sql } from '../machine/sql.ts'
import { milliseconds } from '../node/read-nodes.ts'
import type { Failure, Said, Seen } from './read-cluster.ts'

export type K3sRow = {
  readonly nodeId: string
  readonly nodeName: string
  readonly networkId: string
  readonly at: Date
  /** The node runs what it should. */
  readonly isCurrent: boolean
  readonly k3s: K3sReport
}

/** What they prove, and the networks in whose clusters something is other than before. */
export type FromReports = { readonly confirmed: StepConfirmation[]; readonly changed: ReadonlySet<string> }

export async function writeK3sReports(sql: Sql, rows: readonly K3sRow[]): Promise<FromReports> {
  const changed = new Set<string>()
  const confirmed: StepConfirmation[] = []
  if (rows.length === 0) return { confirmed, changed }
  const networks = [...new Set(rows.map((row) => row.networkId))].sort()
  const members = await sql.query<Member>(
    `SELECT m.node_id "nodeId", n.name "nodeName", c.network_id "networkId", m.kubernetes_name "kubernetesName", m.role::text,
        m.pod_cidr4 "podCidr4", m.pod_cidr6 "podCidr6", m.said, m.seen, ${milliseconds('m.seen_at')} "seenAt", c.settings->>'flannelBackend' backend
       FROM cluster_nodes m JOIN clusters c ON c.id = m.cluster_id JOIN nodes n ON n.id = m.node_id
      WHERE c.network_id = ANY($1::uuid[]) ORDER BY m.node_id`,
    [networks],
  )
  const byNode = new Map(members.map((member) => [member.nodeId, member]))
  for (const row of rows) {
    const member = byNode.get(row.nodeId)
    if (!member) continue
    if (await writeSaid(sql, row, member)) changed.add(row.networkId)
    confirmed.push(...ownProofs(row, member))
    if (row.k3s.nodes === null || member.role !== 'server') continue
    const all = members.filter(({ networkId }) => networkId === row.networkId).map((other) => seenOf(row, other))
    await writeSeen(sql, row, all)
    if (all.some(({ isNew }) => isNew)) changed.add(row.networkId)
    confirmed.push(...all.flatMap(({ proofs }) => proofs))
  }
  return { confirmed, changed }
}

type Member = {
  nodeId: string
  nodeName: string
  networkId: string
  kubernetesName: string
  role: 'server' | 'agent'
  podCidr4: string | null
  podCidr6: string | null
  said: Said | null
  seen: Seen | null
  seenAt: number | null
  backend: string
}

/** True when somebody who waits for this machine may go on. */
async function writeSaid(sql: Sql, { k3s, nodeId, networkId, at }: K3sRow, member: Member): Promise<boolean> {
  const said: Said = {
    service: k3s.service,
    version: k3s.version,
    applied: k3s.applied,
    subnet4: k3s.podRanges.find((range) => !range.includes(':')) ?? null,
    subnet6: k3s.podRanges.find((range) => range.includes(':')) ?? null,
    mtu: k3s.podMtu,
    failure: k3s.failure && named(k3s.failure),
    certificateUntil: k3s.certificateUntil,
  }
  // flannel's file is gone after a reboot until k3s runs: a range that was known stays.
  const range4 = said.subnet4 ?? member.podCidr4
  const range6 = said.subnet6 ?? member.podCidr6
  const isNew = range4 !== member.podCidr4 || range6 !== member.podCidr6
  const revision = isNew ? await bumpRevision(sql, networkId) : null
  await sql.query(
    'UPDATE cluster_nodes SET said = $2, said_at = $3, pod_cidr4 = $4, pod_cidr6 = $5 WHERE node_id = $1',
    [nodeId, JSON.stringify(said), at, range4, range6],
  )
  if (revision !== null) await sql.query('UPDATE nodes SET changed_revision = $2 WHERE id = $1', [nodeId, revision])
  const before = member.said
  return (
    before?.service !== said.service || before.applied !== said.applied || before.failure?.code !== said.failure?.code
  )
}

/** Its log says why a service ended, in k3s' own words; those that are known have a fix of their own. */
function named(failure: Failure): Failure {
  return failure.code === 'service-failed' ? { ...failure, code: k3sLogCode(failure.text) ?? failure.code } : failure
}

function ownProofs({ k3s, nodeId }: K3sRow, { backend }: Member): StepConfirmation[] {
  const found: StepConfirmation[] = []
  if (k3s.service === 'active') {
    const evidence = `the node reported k3s ${k3s.version ?? ''} running`.replace('  ', ' ')
    found.push({ nodeId, step: 'k3s-installed', evidence })
  }
  if (backend === 'vxlan' && k3s.podRanges.length > 0) {
    const evidence = `pods have ${k3s.podRanges.join(', ')}; VXLAN carries them between overlay addresses, so peers need nothing more`
    found.push({ nodeId, step: 'pod-range', evidence })
  }
  return found
}

type SeenRow = { nodeId: string; seen: Seen | null; isNew: boolean; proofs: StepConfirmation[] }

function seenOf(row: K3sRow, member: Member): SeenRow {
  const node = row.k3s.nodes?.find(({ name }) => name === member.kubernetesName)
  const pod = row.k3s.pods.find(({ name, rttMs }) => name === member.kubernetesName && rttMs !== null)
  const answered = pod && { ...pod, at: new Date(row.at.getTime() - pod.age * 1000) }
  const seen: Seen | null = node
    ? { ...node, ...podOf(answered, member.seen), heardSince: heardSince(node, member) }
    : null
  const isNew = seen?.ready !== member.seen?.ready || !seen?.podAnsweredAt !== !member.seen?.podAnsweredAt
  const isFresh = row.k3s.nodesAge <= 60
  // A machine that was imaged anew has the name of the old one in Kubernetes before it has joined itself.
  const service = member.nodeId === row.nodeId ? row.k3s.service : member.said?.service
  const isIt = isFresh && service === 'active'
  return { nodeId: member.nodeId, seen, isNew, proofs: node && isIt ? proofs(row, member, node, pod) : [] }
}

async function writeSeen(sql: Sql, { nodeId, at, k3s }: K3sRow, rows: readonly SeenRow[]): Promise<void> {
  const seenAt = new Date(at.getTime() - k3s.nodesAge * 1000)
  // A list that is older than what another server told says nothing new.
  await sql.query(
    `UPDATE cluster_nodes m SET seen = u.seen::jsonb, seen_at = $3, seen_by = $4
       FROM unnest($1::uuid[], $2::text[]) AS u(node_id, seen)
      WHERE m.node_id = u.node_id AND (m.seen_at IS NULL OR m.seen_at <= $3)`,
    [rows.map((row) => row.nodeId), rows.map(({ seen }) => seen && JSON.stringify(seen)), seenAt, nodeId],
  )
}

/** A lease that differs from the one in the list before was renewed after that list was made. By the server's clock, not the machine's. */
function heardSince(node: KubeNode, { seen, seenAt }: Member): number | null {
  if (node.leaseAt === null || !seen) return null
  return seen.leaseAt === node.leaseAt ? (seen.heardSince ?? null) : seenAt
}

function podOf(pod: { rttMs: number | null; at: Date } | undefined, before: Seen | null) {
  if (pod) return { podAnsweredAt: pod.at.toISOString(), podRttMs: pod.rttMs }
  return { podAnsweredAt: before?.podAnsweredAt ?? null, podRttMs: before?.podRttMs ?? null }
}

function proofs(
  row: K3sRow,
  { nodeId }: Member,
  node: KubeNode,
  pod: { rttMs: number | null; address: string } | undefined,
): StepConfirmation[] {
  const server = row.nodeName
  const found: StepConfirmation[] = [
    { nodeId, step: 'api-reachable', evidence: `${server} has heard from it` },
    {
      nodeId,
      step: 'registered',
      evidence: `${server} lists ${node.name} with INTERNAL-IP ${node.internalIps.join(', ') || 'none'}`,
    },
  ]
  if (node.ready === 'True') {
    const since = node.since === null ? '' : `, for ${humanAge(Math.max(0, row.at.getTime() - node.since))}`
    found.push({
      nodeId,
      step: 'ready',
      evidence: `Kubernetes calls it Ready (${node.reason ?? 'no reason given'})${since}`,
    })
  }
  if (pod)
    found.push({
      nodeId,
      step: 'pod-answered',
      evidence: `its pod ${pod.address} answered ${server} in ${pod.rttMs} ms`,
    })
  return found
}
