/** Samples as the rows of one statement: arrays of columns, which unnest makes rows of again. */

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

export const SAMPLE_COLUMNS = '(node_id, at, cpu, memory, disk, load1, rx, tx)'

/** A node that was removed meanwhile leaves none. */
export const SAMPLE_ROWS = `SELECT u.* FROM unnest($1::uuid[], $2::timestamptz[], $3::real[], $4::real[], $5::real[], $6::real[], $7::real[], $8::real[])
       AS u${SAMPLE_COLUMNS}
       JOIN nodes ON nodes.id = u.node_id`

export function sampleValues(samples: readonly Sample[]): unknown[][] {
  return [
    samples.map(({ nodeId }) => nodeId),
    samples.map(({ at }) => at),
    samples.map(({ cpu }) => cpu),
    samples.map(({ memory }) => memory),
    samples.map(({ disk }) => disk),
    samples.map(({ load1 }) => load1),
    samples.map(({ rx }) => rx),
    samples.map(({ tx }) => tx),
  ]
}
