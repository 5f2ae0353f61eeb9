/**
 * What reports say of rules, put into rows: how a trial goes on a node, how often rules let something in by the hour, and what none let
 * in by ten minutes. Nodes tell counters since their table was loaded; what is written is what came since the report before.
 */
import type { PolicyReport } from '@spanwire/mesh/protocol/parse-policy'
import type { Sql } from '../machine/sql.ts'
import { type Counted, countSince, type NewCounts } from './count-since.ts'

export type PolicyRow = {
  readonly nodeId: string
  readonly networkId: string
  readonly at: Date
  /** On trial at this moment. */
  readonly tried: { readonly id: string; readonly number: number } | null
  readonly policy: PolicyReport
}

const HOUR_MS = 3_600_000
export const DROP_BUCKET_MS = 600_000
/** Different ones of a node in ten minutes; whoever scans fills these and no more. */
const MOST_DROPS = 64

/** Answers the networks in which a trial went on. */
export async function writePolicyReports(sql: Sql, rows: readonly PolicyRow[]): Promise<ReadonlySet<string>> {
  const changed = new Set<string>()
  if (rows.length === 0) return changed
  // Reports of one node may come to two servers: the row says what was counted last.
  const before = new Map(
    (
      await sql.query<{ node_id: string; trial_id: string | null; trial_state: string | null; counters: Counted }>(
        `SELECT node_id, trial_id, trial_state, counters FROM policy_reports WHERE node_id = ANY($1::uuid[])
          ORDER BY node_id FOR UPDATE`,
        [rows.map(({ nodeId }) => nodeId)],
      )
    ).map((row) => [row.node_id, row]),
  )
  const counts: { row: PolicyRow; now: NewCounts }[] = []
  for (const row of rows) {
    const known = before.get(row.nodeId)
    const { trial } = row.policy
    if (trial && (known?.trial_id !== trial.id || known.trial_state !== trial.state)) changed.add(row.networkId)
    const version = trial?.state === 'on' && trial.id === row.tried?.id ? row.tried.number : row.policy.number
    counts.push({ row, now: countSince(known?.counters ?? null, version, row.policy) })
  }
  await writeSaid(sql, counts)
  await writeHits(sql, counts)
  await writeDrops(sql, counts)
  return changed
}

type Counts = readonly { readonly row: PolicyRow; readonly now: NewCounts }[]

async function writeSaid(sql: Sql, counts: Counts): Promise<void> {
  await sql.query(
    `INSERT INTO policy_reports AS r (node_id, said_at, number, trial_id, trial_state, trial_why, trial_at, counters)
     SELECT u.node_id, u.at, u.number, u.trial_id, u.trial_state, u.trial_why, CASE WHEN u.trial_id IS NULL THEN NULL ELSE u.at END,
            u.counters::jsonb
       FROM unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[])
         AS u(node_id, at, number, trial_id, trial_state, counters, trial_why)
       JOIN nodes n ON n.id = u.node_id
      ORDER BY u.node_id
     ON CONFLICT (node_id) DO UPDATE
        SET said_at = excluded.said_at, number = excluded.number, counters = excluded.counters,
            trial_id = excluded.trial_id, trial_state = excluded.trial_state, trial_why = excluded.trial_why,
            trial_at = CASE WHEN r.trial_id = excluded.trial_id AND r.trial_state = excluded.trial_state THEN r.trial_at
                            ELSE excluded.trial_at END
      WHERE r.said_at <= excluded.said_at`,
    [
      counts.map(({ row }) => row.nodeId),
      counts.map(({ row }) => row.at),
      counts.map(({ row }) => row.policy.number),
      counts.map(({ row }) => row.policy.trial?.id ?? null),
      counts.map(({ row }) => row.policy.trial?.state ?? null),
      counts.map(({ now }) => JSON.stringify(now.counted)),
      counts.map(({ row }) => row.policy.trial?.why ?? null),
    ],
  )
}

async function writeHits(sql: Sql, counts: Counts): Promise<void> {
  const hits = counts.flatMap(({ row, now }) =>
    now.version === null
      ? []
      : [...now.rules].map(([rule, packets]) => ({ row, version: now.version, rule, packets, at: hour(row.at) })),
  )
  if (hits.length === 0) return
  await sql.query(
    `INSERT INTO policy_hits AS h (node_id, version, rule, at, packets)
     SELECT u.* FROM unnest($1::uuid[], $2::int[], $3::int[], $4::timestamptz[], $5::bigint[])
         AS u(node_id, version, rule, at, packets) JOIN nodes n ON n.id = u.node_id
      ORDER BY u.node_id, u.version, u.rule
     ON CONFLICT (node_id, version, rule, at) DO UPDATE SET packets = h.packets + excluded.packets`,
    [
      hits.map(({ row }) => row.nodeId),
      hits.map(({ version }) => version),
      hits.map(({ rule }) => rule),
      hits.map(({ at }) => at),
      hits.map(({ packets }) => packets),
    ],
  )
}

async function writeDrops(sql: Sql, counts: Counts): Promise<void> {
  const drops = counts.flatMap(({ row, now }) => now.drops.map((drop) => ({ row, drop, at: bucket(row.at) })))
  if (drops.length === 0) return
  await sql.query(
    `INSERT INTO policy_drops AS d (node_id, at, source, destination, proto, port, packets)
     SELECT u.node_id, u.at, u.source, u.destination, u.proto, u.port, u.packets
       FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::int[], $6::int[], $7::bigint[])
         AS u(node_id, at, source, destination, proto, port, packets) JOIN nodes n ON n.id = u.node_id
      WHERE (SELECT count(*) FROM policy_drops o WHERE o.node_id = u.node_id AND o.at = u.at) < ${MOST_DROPS}
         OR EXISTS (SELECT 1 FROM policy_drops o WHERE (o.node_id, o.at, o.source, o.destination, o.proto, o.port) =
                                                       (u.node_id, u.at, u.source, u.destination, u.proto, u.port))
      ORDER BY u.node_id, u.source, u.destination, u.proto, u.port
     ON CONFLICT (node_id, at, source, destination, proto, port) DO UPDATE SET packets = d.packets + excluded.packets`,
    [
      drops.map(({ row }) => row.nodeId),
      drops.map(({ at }) => at),
      drops.map(({ drop }) => drop.source),
      drops.map(({ drop }) => drop.destination),
      drops.map(({ drop }) => drop.protocol),
      drops.map(({ drop }) => drop.port ?? -1),
      drops.map(({ drop }) => drop.packets),
    ],
  )
}

const floorTo = (at: Date, ms: number): Date => new Date(Math.floor(at.getTime() / ms) * ms)
const hour = (at: Date): Date => floorTo(at, HOUR_MS)
const bucket = (at: Date): Date => floorTo(at, DROP_BUCKET_MS)
