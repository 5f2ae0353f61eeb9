/** What was heard of direct paths, put into the rows of the nodes that it is about; a revision only when somebody has to know. */
import { bumpRevision } from '../machine/machine-revision.ts'
import type { Sql } from '../machine/sql.ts'
import type { DirectNews } from './direct-news.ts'

export async function writeDirectNews(
  sql: Sql,
  networkId: string,
  news: readonly DirectNews[],
  at: Date,
): Promise<void> {
  const [network] = await sql.query<{ topology: string }>(
    'SELECT topology FROM networks WHERE id = $1 FOR NO KEY UPDATE',
    [networkId],
  )
  if (!network) return
  const changed = new Set([
    ...(await writeKeys(sql, networkId, news)),
    ...(await writeLan(sql, news)),
    ...(await writeSeen(sql, networkId, news, at)),
  ])
  // In a hub nobody is reached directly; a change of topology has all rows read anew.
  if (changed.size === 0 || network.topology === 'hub') return
  const revision = await bumpRevision(sql, networkId)
  await sql.query('UPDATE nodes SET changed_revision = $2 WHERE id = ANY($1::uuid[])', [[...changed], revision])
}

/** Two peers with one key would take each other's packets: a key that anybody has, or had first, is nobody else's. */
async function writeKeys(sql: Sql, networkId: string, news: readonly DirectNews[]): Promise<string[]> {
  const changed: string[] = []
  for (const { nodeId, direct } of news) {
    if (!direct) continue
    const rows = await sql.query<{ id: string }>(
      `UPDATE nodes SET direct_key = $3, direct_port = $4
        WHERE id = $2 AND (direct_key IS DISTINCT FROM $3 OR direct_port IS DISTINCT FROM $4)
          AND NOT EXISTS (SELECT 1 FROM nodes o WHERE o.network_id = $1 AND (o.public_key = $3 OR (o.direct_key = $3 AND o.id <> $2)))
          AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.network_id = $1 AND d.public_key = $3)
        RETURNING id`,
      [networkId, nodeId, direct.publicKey, direct.port],
    )
    // A machine with another key is another interface: where the old one was seen says nothing of it, unless that one took it.
    if (rows.length > 0) {
      await sql.query(
        `DELETE FROM observed_endpoints o WHERE node_id = $1
            AND NOT EXISTS (SELECT 1 FROM key_rotations r WHERE r.node_id = o.node_id AND r.next_direct_key = $2)`,
        [nodeId, direct.publicKey],
      )
    }
    changed.push(...rows.map(({ id }) => id))
  }
  return changed
}

async function writeLan(sql: Sql, news: readonly DirectNews[]): Promise<string[]> {
  const changed: string[] = []
  for (const { nodeId, lan } of news) {
    if (!lan) continue
    const rows = await sql.query<{ id: string }>(
      'UPDATE nodes SET lan_addresses = $2 WHERE id = $1 AND lan_addresses <> $2 RETURNING id',
      [nodeId, lan],
    )
    changed.push(...rows.map(({ id }) => id))
  }
  return changed
}

async function writeSeen(sql: Sql, networkId: string, news: readonly DirectNews[], at: Date): Promise<string[]> {
  const seen = news.flatMap((one) => one.seen.map((each) => ({ gatewayId: one.nodeId, ...each })))
  if (seen.length === 0) return []
  const rows = await sql.query<{ node_id: string }>(
    `INSERT INTO observed_endpoints AS o (node_id, gateway_id, endpoint, at)
     SELECT u.node_id, u.gateway_id, u.endpoint, $4
       FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS u(node_id, gateway_id, endpoint)
       JOIN nodes n ON n.id = u.node_id AND n.network_id = $5
       JOIN nodes g ON g.id = u.gateway_id AND g.network_id = $5 AND g.role = 'gateway'
      ORDER BY u.node_id, u.gateway_id
     ON CONFLICT (node_id, gateway_id) DO UPDATE SET endpoint = excluded.endpoint, at = excluded.at
      WHERE o.endpoint <> excluded.endpoint
     RETURNING node_id`,
    [
      seen.map(({ nodeId }) => nodeId),
      seen.map(({ gatewayId }) => gatewayId),
      seen.map(({ endpoint }) => endpoint),
      at,
      networkId,
    ],
  )
  return rows.map(({ node_id }) => node_id)
}
