/**
 * What reports say of clusters, put into the rows of their nodes: each node's own words, and what a server showed of everybody. New pod
 * ranges are a new revision, since every peer's AllowedIPs follow them.
 */
import type { KubeNode } from '@spanwire/mesh/cluster/node-status'
import { humanAge } from '@spanwire/mesh/health/human-age'
import type { K3sReport } from '@spanwire/mesh/protocol/parse-k3s'
import type { StepConfirmation } from '../machine/confirm-steps.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import type { Sql } from '../machine/sql.ts'
import type { Said, Seen } from './read-cluster.ts'

export type K3sRow = {
  readonly nodeId: string
  readonly nodeName: string
  readonly networkId: string
  readonly at: Date
  /** The node runs what it should. */
  readonly isCurrent: boolean
  readonly k3s: K3sReport
}

export async function writeK3sReports(sql: Sql, rows: readonly K3sRow[]): Promise<StepConfirmation[]> {
  if (rows.length === 0) return []
  const networks = [...new Set(rows.map((row) => row.networkId))].sort()
  const members = await sql.query<Member>(
    `SELECT m.node_id "nodeId", n.name "nodeName", c.network_id "networkId", m.kubernetes_name "kubernetesName", m.role::text,
        m.pod_cidr4 "podCidr4", m.pod_cidr6 "podCidr6", m.said->>'service' service, m.seen, host(w.cidr4::cidr) base, n.ordinal
       FROM cluster_nodes m JOIN clusters c ON c.id = m.cluster_id JOIN nodes n ON n.id = m.node_id JOIN networks w ON w.id = c.network_id
      WHERE c.network_id = ANY($1::uuid[]) ORDER BY m.node_id`,
    [networks],
  )
  const byNode = new Map(members.map((member) => [member.nodeId, member]))
  const confirmed: StepConfirmation[] = []
  for (const row of rows) {
    const member = byNode.get(row.nodeId)
    if (!member) continue
    await writeSaid(sql, row, member)
    if (row.k3s.service === 'active') {
      const evidence = `the node reported k3s ${row.k3s.version ?? ''} running`.replace('  ', ' ')
      confirmed.push({ nodeId: row.nodeId, step: 'k3s-installed', evidence })
    }
    if (row.k3s.nodes === null || member.role !== 'server') continue
    for (const other of members.filter(({ networkId }) => networkId === row.networkId)) {
      confirmed.push(...(await writeSeen(sql, row, other)))
    }
  }
  return confirmed
}

type Member = {
  nodeId: string
  nodeName: string
  networkId: string
  kubernetesName: string
  role: 'server' | 'agent'
  podCidr4: string | null
  podCidr6: string | null
  seen: Seen | null
}

async function writeSaid(sql: Sql, { k3s, nodeId, networkId, at }: K3sRow, member: Member): Promise<void> {
  const [four = null, six = null] = [
    k3s.podRanges.find((range) => !range.includes(':')),
    k3s.podRanges.find((range) => range.includes(':')),
  ]
  const said: Said = {
    service: k3s.service,
    version: k3s.version,
    applied: k3s.applied,
    subnet4: four,
    subnet6: six,
    mtu: k3s.podMtu,
    failure: k3s.failure,
    certificateUntil: k3s.certificateUntil,
  }
  // flannel's file is gone after a reboot until k3s runs: a range that was known stays.
  const range4 = four ?? member.podCidr4
  const range6 = six ?? member.podCidr6
  const isNew = range4 !== member.podCidr4 || range6 !== member.podCidr6
  const revision = isNew ? await bumpRevision(sql, networkId) : null
  await sql.query(
    'UPDATE cluster_nodes SET said = $2, said_at = $3, pod_cidr4 = $4, pod_cidr6 = $5 WHERE node_id = $1',
    [nodeId, JSON.stringify(said), at, range4, range6],
  )
  if (revision !== null) await sql.query('UPDATE nodes SET changed_revision = $2 WHERE id = $1', [nodeId, revision])
}

async function writeSeen(sql: Sql, row: K3sRow, member: Member): Promise<StepConfirmation[]> {
  const node = row.k3s.nodes?.find(({ name }) => name === member.kubernetesName)
  const pod = row.k3s.pods.find(({ name, rttMs }) => name === member.kubernetesName && rttMs !== null)
  const ago = (seconds: number) => new Date(row.at.getTime() - seconds * 1000)
  const seenAt = ago(row.k3s.nodesAge)
  const seen: Seen | null = node ? { ...node, ...podOf(pod && { ...pod, at: ago(pod.age) }, member.seen) } : null
  // A list that is older than what another server told says nothing new.
  await sql.query(
    'UPDATE cluster_nodes SET seen = $2, seen_at = $3, seen_by = $4 WHERE node_id = $1 AND (seen_at IS NULL OR seen_at <= $3)',
    [member.nodeId, seen === null ? null : JSON.stringify(seen), seenAt, row.nodeId],
  )
  if (!node || row.k3s.nodesAge > 60) return []
  return proofs(row, member, node, pod)
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
