/** Numbers that look random and are the same in every run (mulberry32). */
export type Random = {
  /** 0 up to below `limit`. */
  below(limit: number): number
  one<T>(of: readonly T[]): T
  some<T>(of: readonly T[], most: number): T[]
  chance(percent: number): boolean
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T
  return {
    below,
    one,
    some: (of, most) => Array.from({ length: 1 + below(most) }, () => one(of)),
    chance: (percent) => below(100) < percent,
  }
}
