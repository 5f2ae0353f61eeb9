import type { Sql } from '../machine/sql.ts'

/** Parts are 0..1, rates bytes per second; null where it was not measured. */
export type Sample = {
  readonly nodeId: string
  readonly at: Date
  readonly cpu: number | null
  readonly memory: number | null
  readonly disk: number | null
  readonly load1: number | null
  readonly rx: number | null
  readonly tx: number | null
}

/** With the reports that they are of, in one statement; a node that was removed meanwhile leaves none. */
export async function writeSamples(sql: Sql, samples: readonly Sample[]): Promise<void> {
  if (samples.length === 0) return
  const column = <T>(read: (sample: Sample) => T): T[] => samples.map(read)
  await sql.query(
    `INSERT INTO samples (node_id, at, cpu, memory, disk, load1, rx, tx)
     SELECT u.* FROM unnest($1::uuid[], $2::timestamptz[], $3::real[], $4::real[], $5::real[], $6::real[], $7::real[], $8::real[])
       AS u(node_id, at, cpu, memory, disk, load1, rx, tx)
       JOIN nodes ON nodes.id = u.node_id
     ON CONFLICT DO NOTHING`,
    [
      column(({ nodeId }) => nodeId),
      column(({ at }) => at),
      column(({ cpu }) => cpu),
      column(({ memory }) => memory),
      column(({ disk }) => disk),
      column(({ load1 }) => load1),
      column(({ rx }) => rx),
      column(({ tx }) => tx),
    ],
  )
}
