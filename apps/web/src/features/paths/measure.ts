/** What the colour of a cell says: a value, its step on a scale of five, and both in words. */
import { humanAge } from '@spanwire/mesh/health/human-age'
import { formatMs, formatPercent } from '~/ui/units.ts'
import type { Cell } from './path-shapes.ts'

export const MEASURES = ['rtt', 'age', 'loss'] as const
export type Measure = (typeof MEASURES)[number]

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  rtt: 'Round trip',
  age: 'Last proven',
  loss: 'Lost packets',
}

/**
 * Where the next step begins. Round trips in ms: a LAN, a city, a country, a continent, an ocean. Ages in ms: a living tunnel is
 * proven each 15 s, one of 180 s is dead. Shares of lost packets: speech suffers from 1 %, TCP from 3 %.
 */
const BOUNDS: Readonly<Record<Measure, readonly [number, number, number, number]>> = {
  rtt: [5, 20, 50, 150],
  age: [15_000, 60_000, 180_000, 900_000],
  loss: [0.001, 0.01, 0.03, 0.1],
}

export const BANDS = [0, 1, 2, 3, 4] as const
export type Band = (typeof BANDS)[number]

/** `now` on the server's clock, ms; ages are never below zero. */
export function measuredOf(cell: Cell, measure: Measure, now: number): number | null {
  if (measure === 'rtt') return cell.rttMs
  if (measure === 'loss') return cell.loss
  return cell.evidenceAt === null ? null : Math.max(0, now - cell.evidenceAt)
}

export function bandOf(measure: Measure, value: number): Band {
  return BOUNDS[measure].filter((bound) => value >= bound).length as Band
}

export function valueWords(measure: Measure, value: number | null): string {
  if (value === null) return '–'
  if (measure === 'rtt') return formatMs(value)
  if (measure === 'age') return humanAge(value)
  return value > 0 && value < 0.01 ? `${(value * 100).toFixed(1)}\u202f%` : formatPercent(value)
}

/** `under 5 ms`, `5 ms`, …: where the step begins; a step ends where the next begins. */
export function bandWords(measure: Measure, band: Band): string {
  const bound = BOUNDS[measure][Math.max(0, band - 1)] ?? 0
  const words = measure === 'rtt' ? `${bound}\u202fms` : valueWords(measure, bound)
  if (band > 0) return words
  return `under ${words}`
}

/** In a cell there is room for a few letters. */
export function shortValue(measure: Measure, value: number): string {
  if (measure === 'rtt') return value < 9.95 ? value.toFixed(1) : String(Math.round(value))
  if (measure === 'loss')
    return value === 0 ? '0' : value < 0.1 ? (value * 100).toFixed(1) : String(Math.round(value * 100))
  return humanAge(value).replace(/ /g, '')
}
