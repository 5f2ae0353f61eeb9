import type { Sql } from '../machine/sql.ts'
import type { LEVELS } from './levels.ts'
import type { Sample } from './write-samples.ts'

/** Samples of a time before now, at any of the levels: of machines that a program simulates. What was measured then stays. */
export async function writeHistory(
  sql: Sql,
  table: (typeof LEVELS)[number]['table'],
  samples: readonly Sample[],
): Promise<void> {
  const column = <T>(read: (sample: Sample) => T): T[] => samples.map(read)
  await sql.query(
    `INSERT INTO ${table} (node_id, at, cpu, memory, disk, load1, rx, tx)
     SELECT u.* FROM unnest($1::uuid[], $2::timestamptz[], $3::real[], $4::real[], $5::real[], $6::real[], $7::real[], $8::real[])
       AS u(node_id, at, cpu, memory, disk, load1, rx, tx)
       JOIN nodes ON nodes.id = u.node_id
       JOIN networks ON networks.id = nodes.network_id AND networks.simulated
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
