import type { Sql } from '../machine/sql.ts'
import { SAMPLE_COLUMNS, SAMPLE_ROWS, type Sample, sampleValues } from './sample-rows.ts'

/** With the reports that they are of, in one statement. */
export async function writeSamples(sql: Sql, samples: readonly Sample[]): Promise<void> {
  if (samples.length === 0) return
  await sql.query(`INSERT INTO samples ${SAMPLE_COLUMNS} ${SAMPLE_ROWS} ON CONFLICT DO NOTHING`, sampleValues(samples))
}
