import type { NetworkRow } from './network-row.ts'

const rank = { bad: 3, warn: 2, info: 1 }

export const severityOf = (row: NetworkRow): number => (row.problem ? rank[row.problem.severity] : 0)

/** What only informs (nobody has joined yet) needs no look. */
export const isInTrouble = (row: NetworkRow): boolean => severityOf(row) >= 2
