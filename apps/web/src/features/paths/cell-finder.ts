import type { Cell, Matrix } from './path-shapes.ts'

export type CellFinder = (a: number, b: number) => Cell | null

/** The cell of two rows in either order; 300 rows have 45,000 of them, and a frame asks for a few thousand. */
export function cellFinder({ rows, cells }: Pick<Matrix, 'rows' | 'cells'>): CellFinder {
  const width = rows.length
  const places = new Int32Array(width * width).fill(-1)
  for (const [place, { a, b }] of cells.entries()) {
    places[a * width + b] = place
    places[b * width + a] = place
  }
  return (a, b) => cells[places[a * width + b] ?? -1] ?? null
}
