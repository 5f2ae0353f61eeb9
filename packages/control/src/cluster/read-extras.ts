/**
 * What the bundles of a network's nodes carry beside their tunnels: the files of k3s, and what they are asked to do.
 *
 * A node gets its files when it may act on them: the first server when nothing on it stands in the way, others when the steward has a
 * token for them too. Whoever has joined keeps them: a missing file would stop its k3s at the next start. While a change is rolled out, a node has its old ones until
 * its turn comes.
 */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { type Extras, NO_EXTRAS } from '@spanwire/mesh/protocol/render-bundle'
import { isRequestKind, type OpenRequest } from '@spanwire/mesh/protocol/request-kinds'
import type { Sql } from '../machine/sql.ts'
import type { Seal } from '../secrets.ts'
import { memberFiles, readFileMembers, type Wanted } from './member-files.ts'
import { type Rollout, settingsFor } from './rollout-record.ts'

export type Part = NonNullable<Extras['part']>

export async function readExtras(
  sql: Sql,
  seal: Seal,
  part: Part,
  networkId: string,
): Promise<ReadonlyMap<string, Extras>> {
  const [cluster, requests] = await Promise.all([readWanted(sql, networkId), readRequests(sql, networkId)])
  const members = cluster ? await readFileMembers(sql, networkId) : []
  const cleared = cluster ? await readCleared(sql, networkId) : new Set<string>()
  const extras = new Map<string, Extras>()
  const add = (nodeId: string, more: Partial<Extras>) =>
    extras.set(nodeId, { ...(extras.get(nodeId) ?? NO_EXTRAS), ...more })
  for (const member of members) {
    if (!cluster) break
    const files = cleared.has(member.nodeId)
      ? memberFiles(seal, members, member, settingsFor(cluster.rollout, cluster.wanted, member.nodeId))
      : null
    // The part comes with the first bundle: who pasted the line then sees what its k3s waits for.
    add(member.nodeId, { part, files: files ?? [] })
  }
  for (const [nodeId, open] of requests) {
    const files = [...(extras.get(nodeId)?.files ?? []), ...open.files]
    add(nodeId, { part, requests: open.requests, files })
  }
  return extras
}

async function readWanted(sql: Sql, networkId: string): Promise<{ wanted: Wanted; rollout: Rollout | null } | null> {
  const [row] = await sql.query<{ settings: ClusterSettings; datastore: Buffer | null; rollout: Rollout | null }>(
    'SELECT settings, datastore, rollout FROM clusters WHERE network_id = $1',
    [networkId],
  )
  return row ? { wanted: { settings: row.settings, datastore: row.datastore }, rollout: row.rollout } : null
}

/** Whom the steward has told to install. */
async function readCleared(sql: Sql, networkId: string): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(
    `SELECT m.node_id id FROM cluster_nodes m JOIN clusters c ON c.id = m.cluster_id
      WHERE c.network_id = $1 AND m.cleared_at IS NOT NULL`,
    [networkId],
  )
  return new Set(rows.map(({ id }) => id))
}

type Open = { requests: OpenRequest[]; files: { name: string; text: string }[] }

async function readRequests(sql: Sql, networkId: string): Promise<Map<string, Open>> {
  const rows = await sql.query<{
    id: string
    nodeId: string
    kind: string
    args: string[]
    timeoutSeconds: number
    input: string | null
  }>(
    `SELECT r.id, r.node_id "nodeId", r.kind, r.args, r.timeout_seconds "timeoutSeconds", r.input
       FROM node_requests r JOIN nodes n ON n.id = r.node_id
      WHERE n.network_id = $1 AND r.state = 'asked' ORDER BY r.id`,
    [networkId],
  )
  const open = new Map<string, Open>()
  for (const { nodeId, kind, input, ...request } of rows) {
    if (!isRequestKind(kind)) continue
    const all = open.get(nodeId) ?? { requests: [], files: [] }
    all.requests.push({ ...request, kind })
    // What is to be signed goes beside the request, under the name that its first argument says.
    if (input !== null) all.files.push({ name: `k3s/csr.${request.args[0]}`, text: input })
    open.set(nodeId, all)
  }
  return open
}
