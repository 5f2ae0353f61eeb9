/** Raw samples lie in one partition a day, by UTC: old ones are dropped whole, which costs nothing. */
export const DAY_MS = 24 * 3600_000

export const startOfDay = (at: Date): Date => new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS)

export const partitionName = (day: Date): string => `samples_${day.toISOString().slice(0, 10).replaceAll('-', '')}`
