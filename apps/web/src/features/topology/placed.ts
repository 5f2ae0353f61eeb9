import type { GraphNode } from './graph.ts'
import type { Outline } from './hull.ts'

/** What has a place in the picture; world units are px at zoom 1. */

export interface PlacedNode {
  node: GraphNode
  x: number
  y: number
  /** px at zoom 1 */
  radius: number
  /** at the other end of a tunnel of a kept node, and not kept itself */
  context: boolean
  troubled: boolean
  /** the same for nodes that look alike */
  look: string
}

export interface Site extends Outline {
  id: string
  name: string
  members: PlacedNode[]
  troubled: number
}
