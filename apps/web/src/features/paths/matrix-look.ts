/** Colours and sizes of the matrix. */
import type { ReadStyle } from '~/ui/use-colours.ts'
import { BANDS } from './measure.ts'

export type MatrixLook = {
  readonly text: string
  readonly text2: string
  readonly text3: string
  readonly surface: string
  readonly ground: string
  readonly line: string
  readonly lineStrong: string
  readonly accent: string
  readonly bad: string
  readonly warn: string
  /** of five steps: the ground, and what is written on it */
  readonly heat: readonly { readonly ground: string; readonly ink: string }[]
  readonly font: string
}

export const readLook: ReadStyle<MatrixLook> = (colour, style) => ({
  text: colour('--text'),
  text2: colour('--text-2'),
  text3: colour('--text-3'),
  surface: colour('--surface'),
  ground: colour('--bg'),
  line: colour('--line'),
  lineStrong: colour('--line-strong'),
  accent: colour('--accent'),
  bad: colour('--bad-mark'),
  warn: colour('--warn-mark'),
  heat: BANDS.map((band) => ({ ground: colour(`--heat-${band}`), ink: colour(`--heat-ink-${band}`) })),
  font: style.fontFamily,
})

/** px. */
export type MatrixSizes = { readonly cell: number; readonly side: number; readonly head: number }

/** As large as lets all be seen at once, within what a finger and an eye need. */
export function sizesOf(rows: number, isNarrow: boolean): MatrixSizes {
  const cell = rows <= 14 ? 40 : rows <= 36 ? 26 : 18
  return { cell, side: isNarrow ? 92 : 148, head: isNarrow ? 104 : 140 }
}

/** Under this a cell has its sign alone. */
export const CELL_WITH_VALUE = 36
