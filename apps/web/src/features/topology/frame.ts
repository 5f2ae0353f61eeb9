import type { Status } from './graph.ts'
import type { PlacedEdge, PlacedNode, Scene } from './scene.ts'

/** One frame of the picture: what is drawn, from where it is looked at, and which part of the world is in sight. */

export interface Palette {
  text: string
  dimmed: string
  surface: string
  line: string
  hull: string
  accent: string
  status: Record<Status, string>
  font: string
}

export interface Frame {
  scene: Scene
  view: { x: number; y: number; k: number }
  width: number
  height: number
  palette: Palette
  /** null: nothing is dimmed */
  kept: ReadonlySet<string> | null
  selectedNode: string | null
  selectedEdge: string | null
  hovered: string | null
  hoveredEdge: string | null
  now: number
}

export interface World {
  x0: number
  y0: number
  x1: number
  y1: number
}

export function visibleWorld({ view, width, height }: Frame): World {
  const margin = 40 / view.k
  return {
    x0: -view.x / view.k - margin,
    y0: -view.y / view.k - margin,
    x1: (width - view.x) / view.k + margin,
    y1: (height - view.y) / view.k + margin,
  }
}

export function inside({ x, y }: PlacedNode, seen: World): boolean {
  return x >= seen.x0 && x <= seen.x1 && y >= seen.y0 && y <= seen.y1
}

export function touches({ a, b }: PlacedEdge, seen: World): boolean {
  return !(
    Math.max(a.x, b.x) < seen.x0 ||
    Math.min(a.x, b.x) > seen.x1 ||
    Math.max(a.y, b.y) < seen.y0 ||
    Math.min(a.y, b.y) > seen.y1
  )
}
