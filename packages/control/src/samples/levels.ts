/**
 *   samples     as reported     a day      partitions of a day
 *   samples_5m  means of 5 min  30 days    partitions of 5 days
 *   samples_1h  means of 1 h    a year     partitions of 30 days
 *
 * Old samples go by dropping a partition, which costs nothing however many there are.
 */
export const DAY_MS = 24 * 3600_000

export const LEVELS = [
  { table: 'samples', partitionMs: DAY_MS, keptMs: DAY_MS },
  { table: 'samples_5m', partitionMs: 5 * DAY_MS, keptMs: 30 * DAY_MS },
  { table: 'samples_1h', partitionMs: 30 * DAY_MS, keptMs: 365 * DAY_MS },
] as const

export type Level = (typeof LEVELS)[number]
