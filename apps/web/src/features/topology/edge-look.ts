import type { GraphEdge, Status } from './graph.ts'

/** How an edge is drawn and said. Colour is never alone: each has a dash, a cross or a word of its own. */
export type Look = 'up' | 'lossy' | 'one-way' | 'down' | 'stale' | 'unknown'

/** From this share of lost probes on a living tunnel is said to lose packets. */
const LOSSY = 0.05

export function lookOf({ status, loss }: GraphEdge): Look {
  return status === 'up' && loss !== null && loss >= LOSSY ? 'lossy' : status
}

/** The worst last: drawn above the others; in a list the other way round. */
export const LOOKS = ['up', 'unknown', 'stale', 'lossy', 'one-way', 'down'] as const satisfies readonly Look[]

const marks = {
  up: 'good',
  lossy: 'warn',
  'one-way': 'warn',
  down: 'bad',
  stale: 'unknown',
  unknown: 'unknown',
} as const satisfies Record<Look, Status>

export function lookMark(look: Look): Status {
  return marks[look]
}

const words = {
  up: 'Alive both ways',
  lossy: 'Alive, losing packets',
  'one-way': 'One way only',
  down: 'Dead',
  stale: 'Evidence too old',
  unknown: 'Not measured yet',
} as const satisfies Record<Look, string>

export function lookWords(look: Look): string {
  return words[look]
}

/** px on the screen: solid when alive, dotted one way, sparse where nothing fresh is known. */
export const dashes = {
  up: [],
  lossy: [9, 3],
  'one-way': [2, 4],
  down: [],
  stale: [5, 5],
  unknown: [1, 6],
} as const satisfies Record<Look, readonly number[]>

/** px: 1.2 when idle, a good half more for each tenfold above 1 kB/s; 5 at most. */
export function rateWidth(bytesPerSecond: number): number {
  return 1.2 + 0.65 * Math.max(0, Math.min(5.8, Math.log10(Math.max(1, bytesPerSecond)) - 3))
}

/** What is wrong is seen, though little or nothing goes through it. */
export function lineWidth(look: Look, bytesPerSecond: number): number {
  return Math.max(rateWidth(bytesPerSecond), look === 'up' || look === 'unknown' ? 0 : 2)
}
