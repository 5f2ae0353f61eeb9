import { quadtree } from 'd3-quadtree'
import { type Bundle, bundle, type Strand } from './bundle.ts'
import { type FactName, factsOf, type Graph, inTrouble } from './graph.ts'
import { outline } from './hull.ts'
import type { PlacedNode, Site } from './placed.ts'
import type { PlaceMap } from './use-layout.ts'

/** The graph with the places of its nodes: what is drawn, and what the pointer asks of. World units are px at zoom 1. */

export interface Scene {
  nodes: PlacedNode[]
  byId: ReadonlyMap<string, PlacedNode>
  sites: ReadonlyMap<string, Site>
  strands: Strand[]
  bundles: Bundle[]
  /** those of the three facts that any node here has: an arc each */
  facts: FactName[]
  /** whose names are shown from afar: gateways, then what is in trouble */
  prominent: PlacedNode[]
  nodeAt(x: number, y: number, slack: number): PlacedNode | undefined
  bounds: Bounds | null
}

export interface Bounds {
  x0: number
  y0: number
  x1: number
  y1: number
}

export const MEMBER_RADIUS = 9
export const GATEWAY_RADIUS = 15

export function buildScene(graph: Graph & { context?: ReadonlySet<string> }, places: PlaceMap): Scene {
  const nodes = graph.nodes.flatMap((node): PlacedNode[] => {
    const at = places.get(node.id)
    const radius = node.role === 'gateway' ? GATEWAY_RADIUS : MEMBER_RADIUS
    if (!at) return []
    const context = graph.context?.has(node.id) ?? false
    const look = [node.role, node.state, ...factsOf(node).map(({ status }) => status)].join(' ')
    return [{ node, x: at.x, y: at.y, radius, context, troubled: inTrouble(node), look }]
  })
  const byId = new Map(nodes.map((placed) => [placed.node.id, placed]))
  const sites = sitesOf(nodes)
  const { strands, bundles } = bundle(graph.edges, byId, sites)
  const tree = quadtree<PlacedNode>(
    nodes,
    (placed) => placed.x,
    (placed) => placed.y,
  )
  const all: FactName[] = ['reporting', 'tunnels', 'cluster']
  return {
    nodes,
    byId,
    sites,
    strands,
    bundles,
    facts: all.filter((name) => nodes.some(({ node }) => node.facts[name].status !== 'none')),
    prominent: [
      ...nodes.filter(({ node }) => node.role === 'gateway'),
      ...nodes.filter(({ node, troubled }) => node.role !== 'gateway' && troubled),
    ],
    nodeAt: (x, y, slack) => {
      const near = tree.find(x, y, GATEWAY_RADIUS + slack)
      return near && Math.hypot(near.x - x, near.y - y) <= near.radius + slack ? near : undefined
    },
    bounds: boundsOf(nodes),
  }
}

function sitesOf(nodes: readonly PlacedNode[]): Map<string, Site> {
  const members = new Map<string, PlacedNode[]>()
  for (const placed of nodes) {
    const { siteId } = placed.node
    // The gateway at the other end of a kept tunnel brings its site no hull: what else is there is not shown.
    if (siteId === null || placed.context) continue
    const others = members.get(siteId)
    if (others) others.push(placed)
    else members.set(siteId, [placed])
  }
  return new Map(
    [...members].map(([id, list]) => {
      const name = list[0]?.node.siteName ?? ''
      const troubled = list.filter((placed) => placed.troubled).length
      return [id, { id, name, members: list, troubled, ...outline(list) }]
    }),
  )
}

export function boundsOf(nodes: readonly { x: number; y: number }[]): Bounds | null {
  if (nodes.length === 0) return null
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of nodes) {
    x0 = Math.min(x0, x)
    y0 = Math.min(y0, y)
    x1 = Math.max(x1, x)
    y1 = Math.max(y1, y)
  }
  return { x0, y0, x1, y1 }
}
