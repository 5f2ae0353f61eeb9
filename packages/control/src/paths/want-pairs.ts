/** Pairs that talk are wanted for a while, and longer while they go on. Only one that comes is a change for their machines. */
import { bumpRevision } from '../machine/machine-revision.ts'
import type { MachinePair } from '../machine/network-rows.ts'
import type { Sql } from '../machine/sql.ts'

/** Long enough for what happens every quarter of an hour; short enough that a tunnel for one copy is gone soon. */
export const PAIR_IDLE_MS = 30 * 60_000

export async function wantPairs(sql: Sql, networkId: string, pairs: readonly MachinePair[], at: Date): Promise<void> {
  const until = new Date(at.getTime() + PAIR_IDLE_MS)
  const [network] = await sql.query<{ direct_cap: number }>(
    `SELECT direct_cap FROM networks WHERE id = $1 AND topology = 'mesh' FOR NO KEY UPDATE`,
    [networkId],
  )
  if (!network) return
  const kept = await sql.query<{ a: string; b: string }>(
    `UPDATE direct_pairs d SET wanted_until = $3 FROM unnest($1::uuid[], $2::uuid[]) AS u(a, b)
      WHERE (d.a_id, d.b_id) = (u.a, u.b) RETURNING d.a_id a, d.b_id b`,
    [pairs.map(({ a }) => a), pairs.map(({ b }) => b), until],
  )
  const has = new Set(kept.map(({ a, b }) => `${a} ${b}`))
  const fresh: MachinePair[] = []
  const counts = await countPairs(
    sql,
    networkId,
    pairs.filter(({ a, b }) => !has.has(`${a} ${b}`)),
  )
  for (const { a, b } of pairs) {
    const [ofA, ofB] = [counts.get(a) ?? 0, counts.get(b) ?? 0]
    if (has.has(`${a} ${b}`) || ofA >= network.direct_cap || ofB >= network.direct_cap) continue
    has.add(`${a} ${b}`)
    counts.set(a, ofA + 1)
    counts.set(b, ofB + 1)
    fresh.push({ a, b })
  }
  if (fresh.length === 0) return
  const made = await sql.query<{ a: string; b: string }>(
    `INSERT INTO direct_pairs (network_id, a_id, b_id, since, wanted_until, reason)
     SELECT $1, u.a, u.b, $4, $5, 'they talk with each other' FROM unnest($2::uuid[], $3::uuid[]) AS u(a, b)
       JOIN nodes a ON a.id = u.a AND a.network_id = $1 JOIN nodes b ON b.id = u.b AND b.network_id = $1
     ON CONFLICT DO NOTHING RETURNING a_id a, b_id b`,
    [networkId, fresh.map(({ a }) => a), fresh.map(({ b }) => b), at, until],
  )
  await tellNodes(sql, networkId, made)
}

/** Pairs that were quiet for too long go. True when there were any. */
export async function endIdlePairs(sql: Sql, networkId: string, at: Date): Promise<boolean> {
  await sql.query('SELECT id FROM networks WHERE id = $1 FOR NO KEY UPDATE', [networkId])
  const gone = await sql.query<{ a: string; b: string }>(
    'DELETE FROM direct_pairs WHERE network_id = $1 AND wanted_until <= $2 RETURNING a_id a, b_id b',
    [networkId, at],
  )
  await tellNodes(sql, networkId, gone)
  return gone.length > 0
}

async function countPairs(sql: Sql, networkId: string, pairs: readonly MachinePair[]): Promise<Map<string, number>> {
  if (pairs.length === 0) return new Map()
  const rows = await sql.query<{ id: string; count: number }>(
    `SELECT u.id, count(*)::int count FROM unnest($2::uuid[]) AS u(id)
       JOIN direct_pairs d ON d.network_id = $1 AND (d.a_id = u.id OR d.b_id = u.id) GROUP BY u.id`,
    [networkId, [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]],
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}

async function tellNodes(sql: Sql, networkId: string, pairs: readonly MachinePair[]): Promise<void> {
  if (pairs.length === 0) return
  const revision = await bumpRevision(sql, networkId)
  await sql.query('UPDATE nodes SET changed_revision = $2 WHERE id = ANY($1::uuid[])', [
    [...new Set(pairs.flatMap(({ a, b }) => [a, b]))],
    revision,
  ])
}
