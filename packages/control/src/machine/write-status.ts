import type { StatusRow } from './digest-report.ts'
import type { Sql } from './sql.ts'
import type { Incoming } from './steps-seen.ts'

/** A node that was removed meanwhile is skipped; an older report never overwrites a newer one of another process. */
export async function writeStatus(
  sql: Sql,
  rows: readonly (Incoming & { readonly status: StatusRow })[],
): Promise<void> {
  const column = <T>(read: (row: (typeof rows)[number]) => T): T[] => rows.map(read)
  await sql.query(
    `INSERT INTO node_status (node_id, reported_at, instance, applied_epoch, applied_revision, applied_view, behind_since,
                              script_version, uptime_seconds, clock_skew_ms, load1, cpu, memory_total_kb, memory_free_kb,
                              disk_total_kb, disk_free_kb, rx_rate, tx_rate, facts, notes, knows_policy)
     SELECT u.node_id, u.reported_at, u.instance, u.epoch, u.revision, u.view, u.behind_since, u.script, u.uptime, u.skew,
            u.load1, u.cpu, u.memory_total, u.memory_free, u.disk_total, u.disk_free, u.rx, u.tx,
            coalesce(u.facts, '{}')::jsonb, u.notes::jsonb, u.knows_policy
       FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::timestamptz[], $8::text[],
                   $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::bigint[], $14::bigint[], $15::bigint[],
                   $16::bigint[], $17::float8[], $18::float8[], $19::text[], $20::text[], $21::boolean[])
         AS u(node_id, reported_at, instance, epoch, revision, view, behind_since, script, uptime, skew, load1, cpu,
              memory_total, memory_free, disk_total, disk_free, rx, tx, facts, notes, knows_policy)
       JOIN nodes n ON n.id = u.node_id
      ORDER BY u.node_id
     ON CONFLICT (node_id) DO UPDATE
        SET reported_at = excluded.reported_at, instance = excluded.instance, applied_epoch = excluded.applied_epoch,
            applied_revision = excluded.applied_revision, applied_view = excluded.applied_view,
            behind_since = CASE WHEN excluded.behind_since IS NULL THEN NULL
                                ELSE coalesce(node_status.behind_since, excluded.behind_since) END,
            script_version = excluded.script_version, uptime_seconds = excluded.uptime_seconds,
            clock_skew_ms = excluded.clock_skew_ms, load1 = excluded.load1, cpu = excluded.cpu,
            memory_total_kb = excluded.memory_total_kb, memory_free_kb = excluded.memory_free_kb,
            disk_total_kb = excluded.disk_total_kb, disk_free_kb = excluded.disk_free_kb, rx_rate = excluded.rx_rate,
            tx_rate = excluded.tx_rate, notes = excluded.notes, knows_policy = excluded.knows_policy,
            facts = CASE WHEN excluded.facts = '{}'::jsonb THEN node_status.facts ELSE excluded.facts END
      WHERE node_status.reported_at <= excluded.reported_at`,
    [
      column(({ node }) => node.id),
      column(({ at }) => at),
      column(({ report }) => report.instance),
      column(({ report }) => report.confirmed.epoch),
      column(({ report }) => report.confirmed.revision),
      column(({ report }) => report.confirmed.view ?? '-'),
      column(({ isCurrent, at }) => (isCurrent ? null : at)),
      column(({ report }) => report.script.version),
      column(({ report }) => report.uptimeSeconds),
      column(({ status }) => status.clockSkewMs),
      column(({ report }) => report.load1),
      column(({ status }) => status.cpu),
      column(({ report }) => report.memory?.totalKb ?? null),
      column(({ report }) => report.memory?.freeKb ?? null),
      column(({ report }) => report.disk?.totalKb ?? null),
      column(({ report }) => report.disk?.freeKb ?? null),
      column(({ status }) => status.rxRate),
      column(({ status }) => status.txRate),
      column(({ report }) => (report.facts === null ? null : JSON.stringify(report.facts))),
      column(({ report }) => JSON.stringify(report.notes)),
      column(({ knowsPolicy }) => knowsPolicy),
    ],
  )
}
