import type { Cut } from './choose-cuts.ts'

/** What the lab knows of a pair: they reach each other, or not, and whether the server can hear of it. */
export type PairTruth = { readonly reach: boolean; readonly heard: boolean }

export function truth(cuts: readonly Pick<Cut, 'island' | 'apart'>[], one: string, other: string): PairTruth {
  const islands = cuts.flatMap(({ island }) => (island.length > 0 ? [island] : []))
  const isCutOff = (name: string) => islands.some((island) => island.includes(name))
  const together = islands.every((island) => island.includes(one) === island.includes(other))
  const isApart = cuts.some(({ apart }) => apart?.includes(one) && apart.includes(other))
  return { reach: together && !isApart, heard: !(isCutOff(one) && isCutOff(other)) }
}
