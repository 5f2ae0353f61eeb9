import type { PolicyReport, ReportedDrop } from '@spanwire/mesh/protocol/parse-policy'

/** Counters as a node told them last: since its table was loaded, or since a pair was first dropped. */
export type Counted = {
  readonly version?: number | null
  readonly table?: string | null
  readonly rules?: Readonly<Record<string, number>>
  readonly drops?: Readonly<Record<string, number>>
}

export type NewCounts = {
  /** Whose rules they are. */
  readonly version: number | null
  /** What came since the report before. */
  readonly rules: ReadonlyMap<number, number>
  readonly drops: readonly ReportedDrop[]
  readonly counted: Counted
}

/** A node tells its 64 busiest drops; one that leaves the list and comes back is not counted twice. */
const MOST_REMEMBERED = 256

/**
 * Counters begin anew with their table, and go on when another version means the same table for a node; one that is less than it was
 * began anew by itself: nobody was dropped for an hour. A script that names no table is believed to load one for each version.
 */
export function countSince(before: Counted | null, version: number | null, report: PolicyReport): NewCounts {
  const { rules, drops, table } = report
  const isSameTable = before !== null && (before.table ?? null) === table
  const isSame = isSameTable && (table !== null || before.version === version)
  const since = (now: number, then: number | undefined) => (then === undefined || now < then ? now : now - then)
  const added = new Map<number, number>()
  for (const [rule, packets] of rules) {
    const more = since(packets, isSame ? before.rules?.[rule] : undefined)
    if (more > 0) added.set(rule, more)
  }
  const known = isSame ? (before.drops ?? {}) : {}
  const dropped = drops.flatMap((drop) => {
    const packets = since(drop.packets, known[keyOf(drop)])
    return packets > 0 ? [{ ...drop, packets }] : []
  })
  const now = Object.fromEntries(drops.map((drop) => [keyOf(drop), drop.packets]))
  const older = Object.entries(known).filter(([key]) => !(key in now))
  return {
    version,
    rules: added,
    drops: dropped,
    counted: {
      version,
      table,
      rules: Object.fromEntries(rules),
      drops: { ...Object.fromEntries(older.slice(0, MOST_REMEMBERED - drops.length)), ...now },
    },
  }
}

const keyOf = ({ source, destination, protocol, port }: ReportedDrop): string =>
  `${source} ${destination} ${protocol} ${port ?? '-'}`
