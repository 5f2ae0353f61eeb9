import { LOOKS, type Look, lookOf } from './edge-look.ts'
import type { GraphEdge } from './graph.ts'
import { rimDistance } from './hull.ts'
import type { PlacedNode, Site } from './placed.ts'

/**
 * Tunnels from one site to one gateway run together, as cables in a tray: from the gateway to the rim of the site as one line for each
 * look, with a number; from there each to its node. A thousand tunnels are then a few dozen lines, and a dead one still stands apart.
 */

export interface Segment {
  x0: number
  y0: number
  x1: number
  y1: number
}

/** The part of a tunnel that is its own: all of it, or from the rim of its site to its node. */
export interface Strand extends Segment {
  edge: GraphEdge
  look: Look
  a: PlacedNode
  b: PlacedNode
  bundle: Bundle | null
  /** how many tunnels this site has within itself, when it is one of them: many are drawn faintly, or they would be a green disc */
  crowd: number
}

export interface Lane extends Segment {
  look: Look
  edges: GraphEdge[]
  /** bytes per second, of all of them */
  rate: number
  /** the median of those measured */
  rttMs: number | null
  /** newest evidence, ms; null when there is none */
  evidenceAt: number | null
  /** from where it enters the hull of the gateway's own site: there it is drawn above that */
  inner: Segment | null
  /** the rest of it */
  outer: Segment
  /** where its number stands: on the outer part, and not on the hull of a third site if that can be */
  label: { x: number; y: number }
}

export interface Bundle {
  id: string
  site: Site
  gateway: PlacedNode
  lanes: Lane[]
}

/** px between two lanes of one bundle */
const LANE = 9

export function bundle(
  edges: readonly GraphEdge[],
  nodes: ReadonlyMap<string, PlacedNode>,
  sites: ReadonlyMap<string, Site>,
): { strands: Strand[]; bundles: Bundle[] } {
  const strands: Strand[] = []
  const trays = new Map<string, { site: Site; gateway: PlacedNode; edges: { edge: GraphEdge; member: PlacedNode }[] }>()
  for (const edge of edges) {
    const [a, b] = [nodes.get(edge.a), nodes.get(edge.b)]
    if (!a || !b) continue
    const tray = trayOf(a, b, sites)
    if (!tray) {
      const own = { bundle: null, crowd: 0, x0: a.x, y0: a.y, x1: b.x, y1: b.y }
      strands.push({ edge, look: lookOf(edge), a, b, ...own })
      continue
    }
    const id = `${tray.site.id}~${tray.gateway.node.id}`
    const known = trays.get(id) ?? { ...tray, edges: [] }
    trays.set(id, known)
    known.edges.push({ edge, member: tray.member })
  }
  const bundles = [...trays].map(([id, { site, gateway, edges: held }]) => {
    const made: Bundle = { id, site, gateway, lanes: lanesOf(held, site, gateway, sites) }
    for (const { edge, member } of held) {
      const look = lookOf(edge)
      const lane = made.lanes.find((each) => each.look === look)
      if (!lane) continue
      const ends = { a: edge.a === member.node.id ? member : gateway, b: edge.b === member.node.id ? member : gateway }
      strands.push({
        edge,
        look,
        ...ends,
        bundle: made,
        crowd: 0,
        x0: lane.x0,
        y0: lane.y0,
        x1: member.x,
        y1: member.y,
      })
    }
    return made
  })
  countCrowds(strands)
  return { strands, bundles }
}

function countCrowds(strands: readonly Strand[]): void {
  const local = strands.filter(({ a, b }) => a.node.siteId !== null && a.node.siteId === b.node.siteId)
  const counts = new Map<string | null, number>()
  for (const { a } of local) counts.set(a.node.siteId, (counts.get(a.node.siteId) ?? 0) + 1)
  for (const strand of local) strand.crowd = counts.get(strand.a.node.siteId) ?? 0
}

/** A member of a site and a gateway outside it; anything else goes its own straight way. */
function trayOf(a: PlacedNode, b: PlacedNode, sites: ReadonlyMap<string, Site>) {
  for (const [member, gateway] of [
    [a, b],
    [b, a],
  ] as const) {
    if (gateway.node.role !== 'gateway' || member.node.role === 'gateway' || member.node.siteId === null) continue
    const site = sites.get(member.node.siteId)
    if (site && site.id !== gateway.node.siteId) return { member, gateway, site }
  }
  return null
}

function lanesOf(
  held: readonly { edge: GraphEdge }[],
  site: Site,
  gateway: PlacedNode,
  sites: ReadonlyMap<string, Site>,
): Lane[] {
  const byLook = new Map<Look, GraphEdge[]>()
  for (const { edge } of held) {
    const look = lookOf(edge)
    const list = byLook.get(look)
    if (list) list.push(edge)
    else byLook.set(look, [edge])
  }
  const looks = LOOKS.filter((look) => byLook.has(look))
  const length = Math.hypot(gateway.x - site.x, gateway.y - site.y) || 1
  const [ux, uy] = [(gateway.x - site.x) / length, (gateway.y - site.y) / length]
  const rim = rimDistance(site, ux, uy)
  const own = gateway.node.siteId === null ? undefined : sites.get(gateway.node.siteId)
  return looks.map((look, index): Lane => {
    const edges = byLook.get(look) ?? []
    const aside = (index - (looks.length - 1) / 2) * LANE
    const [dx, dy] = [-uy * aside, ux * aside]
    const segment = {
      x0: site.x + ux * rim + dx,
      y0: site.y + uy * rim + dy,
      // All lanes end in the gateway's middle: there they come together.
      x1: gateway.x + dx * 0.4,
      y1: gateway.y + dy * 0.4,
    }
    const inner = own ? within(segment, own) : null
    const outer = inner ? { x0: segment.x0, y0: segment.y0, x1: inner.x0, y1: inner.y0 } : segment
    return {
      ...{ look, edges, ...segment, rate: edges.reduce((sum, { rate }) => sum + rate, 0) },
      ...{ rttMs: median(edges.flatMap(({ rttMs }) => rttMs ?? [])), evidenceAt: newest(edges) },
      inner,
      outer,
      label: labelPlace(outer, site, sites),
    }
  })
}

const PARTS = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]

function labelPlace({ x0, y0, x1, y1 }: Segment, own: Site, sites: ReadonlyMap<string, Site>) {
  const places = PARTS.map((part) => ({ x: x0 + (x1 - x0) * part, y: y0 + (y1 - y0) * part }))
  const isFree = ({ x, y }: { x: number; y: number }) => {
    for (const site of sites.values())
      if (site !== own && Math.hypot(site.x - x, site.y - y) < site.radius + 10) return false
    return true
  }
  return places.find(isFree) ?? (places[0] as { x: number; y: number })
}

/** The last part of a line, from where it enters the circle around a site. */
function within({ x0, y0, x1, y1 }: Segment, site: Site): Segment | null {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const [fx, fy] = [x0 - site.x, y0 - site.y]
  const [a, b, c] = [dx * dx + dy * dy, 2 * (fx * dx + fy * dy), fx * fx + fy * fy - (site.radius + 2) ** 2]
  const root = b * b - 4 * a * c
  if (a === 0 || root < 0) return null
  const t = Math.max(0, (-b - Math.sqrt(root)) / (2 * a))
  return { x0: x0 + dx * t, y0: y0 + dy * t, x1, y1 }
}

function median(values: number[]): number | null {
  const sorted = values.sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}

function newest(edges: readonly GraphEdge[]): number | null {
  const times = edges.flatMap(({ evidenceAt }) => (evidenceAt === null ? [] : Date.parse(evidenceAt)))
  return times.length === 0 ? null : Math.max(...times)
}
