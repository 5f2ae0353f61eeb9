import type { Context } from '../context.ts'
import { sqlOn } from '../machine/sql.ts'

export type SeriesRange = '1h' | '6h' | '24h' | '7d' | '30d'

export type Series = {
  readonly stepSeconds: number
  /** unix seconds, the start of each step */
  readonly at: number[]
  readonly cpu: (number | null)[]
  readonly memory: (number | null)[]
  readonly disk: (number | null)[]
  readonly load1: (number | null)[]
  readonly rx: (number | null)[]
  readonly tx: (number | null)[]
}

const HOUR = 3600

/** 180 to 360 points each: as many as a chart has room for. A node reports every 20 s at least. */
const RANGES = {
  '1h': { seconds: HOUR, stepSeconds: 20, table: 'samples' },
  '6h': { seconds: 6 * HOUR, stepSeconds: 120, table: 'samples' },
  '24h': { seconds: 24 * HOUR, stepSeconds: 300, table: 'samples' },
  '7d': { seconds: 7 * 24 * HOUR, stepSeconds: 1800, table: 'samples_5m' },
  '30d': { seconds: 30 * 24 * HOUR, stepSeconds: 7200, table: 'samples_1h' },
} as const satisfies Record<SeriesRange, { seconds: number; stepSeconds: number; table: string }>

const COLUMNS = ['cpu', 'memory', 'disk', 'load1', 'rx', 'tx'] as const

/** Null where nothing was measured. The caller has seen that the node is the asker's to see. */
export async function readSeries(
  ctx: Pick<Context, 'db' | 'now'>,
  nodeId: string,
  range: SeriesRange,
): Promise<Series> {
  const { seconds, stepSeconds, table } = RANGES[range]
  const last = Math.floor(ctx.now().getTime() / 1000 / stepSeconds) * stepSeconds
  const first = last - seconds + stepSeconds
  const rows = await sqlOn(ctx.db.pool).query<{ bin: number } & Record<(typeof COLUMNS)[number], number | null>>(
    `SELECT extract(epoch FROM date_bin($4::interval, at, 'epoch'))::float8 AS bin,
            ${COLUMNS.map((column) => `avg(${column})::float8 AS ${column}`).join(', ')}
       FROM ${table} WHERE node_id = $1 AND at >= to_timestamp($2) AND at < to_timestamp($3) GROUP BY 1`,
    [nodeId, first, last + stepSeconds, `${stepSeconds} seconds`],
  )
  const bins = new Map(rows.map((row) => [row.bin, row]))
  const at = Array.from({ length: seconds / stepSeconds }, (_, i) => first + i * stepSeconds)
  const column = (name: (typeof COLUMNS)[number]) => at.map((bin) => bins.get(bin)?.[name] ?? null)
  return {
    stepSeconds,
    at,
    cpu: column('cpu'),
    memory: column('memory'),
    disk: column('disk'),
    load1: column('load1'),
    rx: column('rx'),
    tx: column('tx'),
  }
}
