import type { Sql } from '../machine/sql.ts'
import type { LEVELS } from './levels.ts'
import { SAMPLE_COLUMNS, SAMPLE_ROWS, type Sample, sampleValues } from './sample-rows.ts'

/** Samples of a time before now, at any of the levels: of machines that a program simulates. What was measured then stays. */
export async function writeHistory(
  sql: Sql,
  table: (typeof LEVELS)[number]['table'],
  samples: readonly Sample[],
): Promise<void> {
  await sql.query(
    `INSERT INTO ${table} ${SAMPLE_COLUMNS} ${SAMPLE_ROWS}
       JOIN networks ON networks.id = nodes.network_id AND networks.simulated
     ON CONFLICT DO NOTHING`,
    sampleValues(samples),
  )
}
