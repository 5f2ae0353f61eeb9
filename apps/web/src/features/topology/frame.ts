import type { GlyphCache } from './glyph-cache.ts'
import type { Palette } from './palette.ts'
import type { Scene } from './scene.ts'

/** One frame of the picture: what is drawn, from where it is looked at, and what stands out. */

/** What is pointed at or selected, with what belongs to it. */
export interface Lit {
  nodes: ReadonlySet<string>
  edges: ReadonlySet<string>
  bundles: ReadonlySet<string>
}

export interface Frame {
  scene: Scene
  view: { x: number; y: number; k: number }
  width: number
  height: number
  /** device px to a px */
  ratio: number
  palette: Palette
  glyphs: GlyphCache
  /** what a search means; null when nothing is searched */
  found: ReadonlySet<string> | null
  lit: Lit
  /** the rest steps back while something is pointed at */
  dimsRest: boolean
  selectedNode: string | null
  hoveredNode: string | null
  /** where the keys are */
  cursor: string | null
  /** on the server's clock */
  now: number
}

/** From this zoom on each tunnel of a bundle is drawn to its node. */
export const NEAR_ZOOM = 0.95
/** From this zoom on each node has its name, if there is room. */
export const NAMES_ZOOM = 1.2

/** The glyph of a node grows slower than the space around it. */
export function glyphRadius(radius: number, zoom: number): number {
  return zoom <= 1 ? radius * zoom : radius * Math.sqrt(zoom)
}

export function nodeAlpha(frame: Frame, id: string, context: boolean): number {
  if (frame.lit.nodes.has(id)) return 1
  if (frame.found && !frame.found.has(id)) return 0.16
  if (context) return 0.4
  return frame.dimsRest ? 0.3 : 1
}
