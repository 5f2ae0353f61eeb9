import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force'

/**
 * Where the nodes stand. A node that already has a place keeps it: only nodes that joined are free to move, and they
 * begin beside their gateway. So a refresh never shuffles the picture that somebody has learned.
 */

export interface LayoutInput {
  nodes: { id: string; site: string | null; gateway: boolean; x?: number; y?: number }[]
  edges: { a: string; b: string }[]
}

interface Body extends SimulationNodeDatum {
  id: string
  site: string | null
  gateway: boolean
  homeX: number
  homeY: number
}

/** px between the middles of two sites, for a site of one node; grows with the square root of its size. */
const SITE_PITCH = 150
const NODE_ROOM = 15

export function layout(input: LayoutInput): Simulation<Body, SimulationLinkDatum<Body>> {
  const homes = siteHomes(input)
  const placed = new Map(input.nodes.filter((node) => node.x !== undefined).map((node) => [node.id, node]))
  const beside = placedNeighbour(input, placed)
  const bodies = input.nodes.map((node, index): Body => {
    const home = homes.get(siteKey(node)) ?? { x: 0, y: 0 }
    const known = placed.get(node.id)
    const near = beside.get(node.id) ?? home
    // The golden angle spreads newcomers evenly and the same way each time: no random numbers, no surprise.
    const angle = index * 2.399963
    const radius = NODE_ROOM * 2 + Math.sqrt(index) * 6
    const { x, y } =
      known?.x !== undefined && known.y !== undefined
        ? { x: known.x, y: known.y }
        : { x: near.x + Math.cos(angle) * radius, y: near.y + Math.sin(angle) * radius }
    const fixed = known ? { fx: x, fy: y } : {}
    return { id: node.id, site: node.site, gateway: node.gateway, homeX: home.x, homeY: home.y, x, y, ...fixed }
  })
  const ids = new Set(input.nodes.map((node) => node.id))
  const links = input.edges
    .filter((edge) => ids.has(edge.a) && ids.has(edge.b))
    .map((edge) => ({ source: edge.a, target: edge.b }))
  return forceSimulation(bodies)
    .force('charge', forceManyBody<Body>().strength(-46).theta(1.1).distanceMax(420))
    .force('collide', forceCollide<Body>((body) => (body.gateway ? NODE_ROOM * 1.7 : NODE_ROOM)).strength(0.8))
    .force('x', forceX<Body>((body) => body.homeX).strength(0.11))
    .force('y', forceY<Body>((body) => body.homeY).strength(0.11))
    .force(
      'link',
      forceLink<Body, SimulationLinkDatum<Body>>(links)
        .id((body) => body.id)
        .distance(70)
        .strength(0.012),
    )
    .alphaDecay(0.035)
    .stop()
}

/** The middle of each site: gateways' sites in the centre, the others on growing rings around it by size. */
function siteHomes(input: LayoutInput): Map<string, { x: number; y: number }> {
  const sites = new Map<string, { size: number; gateway: boolean }>()
  for (const node of input.nodes) {
    const site = sites.get(siteKey(node)) ?? { size: 0, gateway: false }
    sites.set(siteKey(node), { size: site.size + 1, gateway: site.gateway || node.gateway })
  }
  const order = [...sites].sort(
    ([leftKey, left], [rightKey, right]) =>
      Number(right.gateway) - Number(left.gateway) || right.size - left.size || leftKey.localeCompare(rightKey),
  )
  const homes = new Map<string, { x: number; y: number }>()
  let area = 0
  for (const [index, [key, site]] of order.entries()) {
    const radius = index === 0 ? 0 : Math.sqrt(area) * 0.62 + SITE_PITCH * 0.5
    homes.set(key, { x: Math.cos(index * 2.399963) * radius, y: Math.sin(index * 2.399963) * radius })
    area += (SITE_PITCH * Math.sqrt(site.size) * 0.62 + 60) ** 2
  }
  return homes
}

function placedNeighbour(input: LayoutInput, placed: Map<string, { x?: number; y?: number }>) {
  const beside = new Map<string, { x: number; y: number }>()
  for (const { a, b } of input.edges)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const at = placed.get(other)
      if (at?.x !== undefined && at.y !== undefined && !placed.has(one)) beside.set(one, { x: at.x, y: at.y })
    }
  return beside
}

function siteKey(node: { id: string; site: string | null; gateway: boolean }): string {
  return node.site ?? (node.gateway ? 'gateways' : 'no-site')
}
