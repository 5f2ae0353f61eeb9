import type { Spot } from './draw-matrix.ts'

const FAR = 10
const ALL = 1_000_000

/** Rows and columns that a key goes. */
export const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-FAR, 0],
  PageDown: [FAR, 0],
  Home: [0, -ALL],
  End: [0, ALL],
}

/** Where a key leads from a cell, within the matrix; from nowhere to its first cell. */
export function stepped(from: Spot | null, key: string, rows: number, columns: number): Spot {
  if (!from) return { row: 0, column: 0 }
  const [down, right] = STEPS[key] ?? [0, 0]
  return { row: within(from.row + down, rows), column: within(from.column + right, columns) }
}

const within = (place: number, count: number): number => Math.min(Math.max(place, 0), count - 1)
