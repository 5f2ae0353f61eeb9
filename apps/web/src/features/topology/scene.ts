import { quadtree } from 'd3-quadtree'
import type { Graph, GraphEdge, GraphNode } from './graph.ts'

/** The graph with the places of its nodes: what is drawn, and what the pointer asks of. World units are px at zoom 1. */

export interface PlacedNode {
  node: GraphNode
  x: number
  y: number
  /** px at zoom 1 */
  radius: number
}

export interface PlacedEdge {
  edge: GraphEdge
  a: PlacedNode
  b: PlacedNode
}

export interface Scene {
  nodes: PlacedNode[]
  byId: ReadonlyMap<string, PlacedNode>
  edges: PlacedEdge[]
  nodeAt(x: number, y: number, slack: number): PlacedNode | undefined
  edgeAt(x: number, y: number, slack: number): PlacedEdge | undefined
  bounds: { x0: number; y0: number; x1: number; y1: number } | null
}

export type PlaceMap = ReadonlyMap<string, { x: number; y: number }>

export function buildScene(graph: Graph, places: PlaceMap): Scene {
  const nodes = graph.nodes.flatMap((node): PlacedNode[] => {
    const at = places.get(node.id)
    return at ? [{ node, x: at.x, y: at.y, radius: node.role === 'gateway' ? 11 : 7 }] : []
  })
  const byId = new Map(nodes.map((placed) => [placed.node.id, placed]))
  const edges = graph.edges.flatMap((edge): PlacedEdge[] => {
    const a = byId.get(edge.a)
    const b = byId.get(edge.b)
    return a && b ? [{ edge, a, b }] : []
  })
  const tree = quadtree<PlacedNode>(
    nodes,
    (placed) => placed.x,
    (placed) => placed.y,
  )
  return {
    nodes,
    byId,
    edges,
    nodeAt: (x, y, slack) => {
      const found = tree.find(x, y, 11 + slack)
      return found && Math.hypot(found.x - x, found.y - y) <= found.radius + slack ? found : undefined
    },
    edgeAt: (x, y, slack) => nearestEdge(edges, x, y, slack),
    bounds: nodes.length === 0 ? null : boundsOf(nodes),
  }
}

function nearestEdge(edges: PlacedEdge[], x: number, y: number, slack: number): PlacedEdge | undefined {
  let nearest: PlacedEdge | undefined
  let least = slack
  for (const placed of edges) {
    const distance = distanceToSegment(x, y, placed.a, placed.b)
    if (distance < least) {
      least = distance
      nearest = placed
    }
  }
  return nearest
}

function distanceToSegment(x: number, y: number, a: { x: number; y: number }, b: { x: number; y: number }): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / length))
  return Math.hypot(x - (a.x + t * dx), y - (a.y + t * dy))
}

function boundsOf(nodes: PlacedNode[]) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of nodes) {
    x0 = Math.min(x0, x)
    y0 = Math.min(y0, y)
    x1 = Math.max(x1, x)
    y1 = Math.max(y1, y)
  }
  return { x0, y0, x1, y1 }
}
