import type { Status } from './graph.ts'

/** Colours as CSS has them, read once for each look: a canvas knows no variables. */
export interface Palette {
  text: string
  text2: string
  text3: string
  surface: string
  line: string
  hull: string
  /** of a member */
  body: string
  accent: string
  status: Record<Status, string>
  font: string
}
