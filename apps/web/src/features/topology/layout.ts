import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from 'd3-force'
import { type Group, groupsOf, type LayoutInput } from './layout-groups.ts'
import { packAround, radiusFor } from './pack.ts'
import type { Point } from './point.ts'

interface Disc extends SimulationNodeDatum {
  group: Group
  radius: number
}

/** Between the rims of two discs; between a site and the gateways it hangs on there is room for a number on the line. */
const GAP = 26
const TUNNEL = 100
const TICKS = 260

/**
 * Where the nodes stand. Sites are discs that a force layout sets around their gateways; within a disc the nodes are packed. So it
 * takes milliseconds, is the same each time, and nothing wobbles on the screen. A node that has a place keeps it: one that joins
 * takes the next free place of its site. A refresh never shuffles the picture that somebody has learned; only when so many joined
 * that sites would grow into each other, all is laid out anew.
 */
export function layout(input: LayoutInput): Map<string, Point> {
  const places = arrange(input)
  const isKept = input.nodes.some(({ at }) => at)
  if (!isKept || !growsInto(groupsOf(input), places)) return places
  return arrange({ ...input, nodes: input.nodes.map(({ at: _, ...node }) => node) })
}

function arrange(input: LayoutInput): Map<string, Point> {
  const groups = groupsOf(input)
  const places = new Map<string, Point>()
  for (const { id, at } of input.nodes) if (at) places.set(id, at)
  const centres = settle(groups, places, input.aspect ?? 1.5)
  for (const group of groups) {
    const centre = centres.get(group.key) ?? { x: 0, y: 0 }
    packAround(group, centre, places)
  }
  return places
}

/** Whether two groups lie in each other by more than a little. */
function growsInto(groups: readonly Group[], places: ReadonlyMap<string, Point>): boolean {
  const discs = groups.map((group) => {
    const points = group.nodes.flatMap(({ id }) => places.get(id) ?? [])
    const { x, y } = middle(points)
    return { x, y, radius: Math.max(0, ...points.map((point) => Math.hypot(point.x - x, point.y - y))) }
  })
  return discs.some((one, index) =>
    discs
      .slice(index + 1)
      .some((other) => Math.hypot(one.x - other.x, one.y - other.y) < (one.radius + other.radius) * 0.92),
  )
}

/** The middle of each group. Those with known nodes stand still. */
function settle(groups: readonly Group[], places: ReadonlyMap<string, Point>, aspect: number): Map<string, Point> {
  const discs = groups.map((group, index): Disc => {
    const radius = radiusFor(group)
    const known = group.nodes.filter(({ id }) => places.has(id))
    if (known.length > 0) {
      // Members were set around their gateways, wherever more of them stand by now.
      const gateways = known.filter(({ gateway }) => gateway)
      const { x, y } = middle((gateways.length > 0 ? gateways : known).flatMap(({ id }) => places.get(id) ?? []))
      return { group, radius, x, y, fx: x, fy: y }
    }
    // The golden angle spreads the beginnings evenly and the same way each time: no random numbers, no surprise.
    const [angle, distance] = [index * 2.399963, group.hub && index === 0 ? 0 : 120 + 60 * index]
    return { group, radius, x: Math.cos(angle) * distance * aspect, y: Math.sin(angle) * distance }
  })
  const byKey = new Map(discs.map((disc) => [disc.group.key, disc]))
  const links = groups.flatMap(({ key, towards }) =>
    [...towards].flatMap((other) => {
      const [source, target] = [byKey.get(key), byKey.get(other)]
      return source && target ? [{ source, target, length: source.radius + target.radius + TUNNEL }] : []
    }),
  )
  const pull = 0.05
  forceSimulation(discs)
    .force(
      'charge',
      forceManyBody<Disc>().strength((disc) => -3 * disc.radius),
    )
    .force(
      'collide',
      forceCollide<Disc>((disc) => disc.radius + GAP / 2)
        .strength(1)
        .iterations(3),
    )
    .force(
      'link',
      forceLink<Disc, (typeof links)[number]>(links)
        .distance((link) => link.length)
        .strength(0.06),
    )
    // The screen is wider than it is high: what pulls to the middle line pulls harder.
    .force(
      'x',
      forceX<Disc>(0).strength((disc) => (disc.group.hub ? 0.3 : pull / aspect)),
    )
    .force(
      'y',
      forceY<Disc>(0).strength((disc) => (disc.group.hub ? 0.3 : pull * aspect)),
    )
    .force('clear', clearOfHubs(discs))
    .force('sight', inSightOfHubs(discs, links))
    .alphaDecay(1 - 0.001 ** (1 / TICKS))
    .stop()
    .tick(TICKS)
  return new Map(discs.map(({ group, x, y }) => [group.key, { x: Math.round(x ?? 0), y: Math.round(y ?? 0) }]))
}

/** No disc comes so near to a hub that the line between them has no room. */
function clearOfHubs(discs: readonly Disc[]) {
  const hubs = discs.filter(({ group }) => group.hub)
  return () => {
    for (const disc of discs) {
      if (disc.group.hub || disc.fx != null) continue
      for (const hub of hubs) {
        const [dx, dy] = [(disc.x ?? 0) - (hub.x ?? 0), (disc.y ?? 0) - (hub.y ?? 0)]
        const distance = Math.hypot(dx, dy) || 1
        const least = disc.radius + hub.radius + TUNNEL
        if (distance >= least) continue
        disc.x = (disc.x ?? 0) + (dx / distance) * (least - distance) * 0.5
        disc.y = (disc.y ?? 0) + (dy / distance) * (least - distance) * 0.5
      }
    }
  }
}

/** No disc stands on the line of one behind it: that one goes a little aside. */
function inSightOfHubs(discs: readonly Disc[], links: readonly { source: Disc; target: Disc }[]) {
  const lines = links.flatMap(({ source, target }) =>
    source.group.hub === target.group.hub
      ? []
      : [source.group.hub ? { hub: source, disc: target } : { hub: target, disc: source }],
  )
  return (alpha: number) => {
    for (const { hub, disc } of lines) {
      if (disc.fx != null) continue
      const [dx, dy] = [(disc.x ?? 0) - (hub.x ?? 0), (disc.y ?? 0) - (hub.y ?? 0)]
      const length = Math.hypot(dx, dy) || 1
      for (const other of discs) {
        if (other === disc || other === hub) continue
        const [ox, oy] = [(other.x ?? 0) - (hub.x ?? 0), (other.y ?? 0) - (hub.y ?? 0)]
        const along = (ox * dx + oy * dy) / length
        const aside = (ox * dy - oy * dx) / length
        const short = other.radius + 6 - Math.abs(aside)
        if (along <= 0 || along >= length || short <= 0) continue
        const push = Math.sign(aside || 1) * short * 0.25 * Math.max(alpha, 0.1)
        disc.x = (disc.x ?? 0) - (dy / length) * push
        disc.y = (disc.y ?? 0) + (dx / length) * push
      }
    }
  }
}

function middle(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}
