import type { Bundle, Segment, Strand } from './bundle.ts'
import { isShown } from './draw-tunnels.ts'
import { type Frame, glyphRadius } from './frame.ts'
import type { PlacedNode } from './placed.ts'
import type { Scene } from './scene.ts'

export type Picked =
  | { kind: 'node'; id: string; placed: PlacedNode }
  | { kind: 'edge'; id: string; strand: Strand }
  | { kind: 'bundle'; id: string; bundle: Bundle }

/** px around the pointer: a finger is broader than the tip of an arrow. */
const SLACK = { mouse: 6, touch: 14 }

/** What is drawn under a point of the screen; a node before a line. */
export function pick(
  scene: Scene,
  frame: Pick<Frame, 'view' | 'lit'>,
  x: number,
  y: number,
  by: 'mouse' | 'touch' = 'mouse',
): Picked | null {
  const { view } = frame
  const [wx, wy, slack] = [(x - view.x) / view.k, (y - view.y) / view.k, SLACK[by] / view.k]
  const placed = scene.nodeAt(wx, wy, Math.max(0, (glyphRadius(9, view.k) - 9 * view.k) / view.k) + slack)
  if (placed) return { kind: 'node', id: placed.node.id, placed }
  let nearest: Picked | null = null
  let least = slack
  for (const strand of scene.strands) {
    if (!isShown(strand, frame)) continue
    const distance = distanceTo(wx, wy, strand)
    if (distance >= least) continue
    least = distance
    nearest = { kind: 'edge', id: strand.edge.id, strand }
  }
  for (const bundle of scene.bundles)
    for (const lane of bundle.lanes) {
      const distance = distanceTo(wx, wy, lane)
      if (distance >= least) continue
      least = distance
      nearest = { kind: 'bundle', id: bundle.id, bundle }
    }
  return nearest
}

function distanceTo(x: number, y: number, { x0, y0, x1, y1 }: Segment): number {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length))
  return Math.hypot(x - (x0 + t * dx), y - (y0 + t * dy))
}
