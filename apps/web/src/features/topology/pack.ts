import { quadtree } from 'd3-quadtree'
import type { Group } from './layout-groups.ts'
import type { Point } from './point.ts'

/** px at zoom 1 between two nodes, and from the outermost to the rim of its group. */
const PITCH = 36
export const GROUP_PAD = 26
/** A few loose nodes stand in a ring wide enough to read a number on each line. */
const RING = 150

/** Sunflower: the k-th seed stands at the golden angle times k, at a distance that grows with its root, so the disc fills evenly. */
const GOLDEN = 2.399963

export function radiusFor(group: Group): number {
  const members = group.nodes.filter(({ gateway }) => !gateway).length
  if (isStar(group)) return (members === 0 ? PITCH : ringOf(members - 1, members).distance) + GROUP_PAD
  return slot(group, Math.max(0, members - 1)).distance + GROUP_PAD
}

/** A gateway and those without a site: they stand around it. */
const isStar = (group: Group) => group.loose && group.hub

/** Sets the nodes of a group that have no place yet: gateways in the middle, each other on the first free slot. */
export function packAround(group: Group, centre: Point, places: Map<string, Point>): void {
  const free = group.nodes.filter(({ id }) => !places.has(id))
  if (free.length === 0) return
  const known = quadtree<Point>(
    [...places.values()],
    ({ x }) => x,
    ({ y }) => y,
  )
  const isFresh = free.length === group.nodes.length
  const gateways = group.nodes.filter(({ gateway }) => gateway).length
  const members = group.nodes.length - gateways
  let next = 0
  let seat = 0
  for (const { id, gateway } of free.sort((a, b) => Number(b.gateway) - Number(a.gateway))) {
    let at: Point
    if (gateway && isFresh) at = inTheMiddle(centre, seat++, gateways)
    else {
      do at = slotAt(group, centre, next++, isFresh ? members : Number.POSITIVE_INFINITY)
      while (known.find(at.x, at.y, PITCH * 0.86))
    }
    places.set(id, at)
    known.add(at)
  }
}

function slotAt(group: Group, centre: Point, index: number, of: number): Point {
  const { angle, distance } = isStar(group) ? ringOf(index, of) : slot(group, index)
  return { x: Math.round(centre.x + Math.cos(angle) * distance), y: Math.round(centre.y + Math.sin(angle) * distance) }
}

function slot(group: Group, index: number): { angle: number; distance: number } {
  // Around gateways there is room for their size and their name.
  const hollow = group.hub ? 4.5 + 2 * group.nodes.filter(({ gateway }) => gateway).length : 0.3
  return { angle: index * GOLDEN, distance: PITCH * 0.6 * Math.sqrt(index + hollow) }
}

/**
 * Rings around a gateway, each full before the next begins; on the last one `of` nodes share the circle evenly. One that joins later
 * (`of` is infinite) halves a gap.
 */
function ringOf(index: number, of: number): { angle: number; distance: number } {
  let before = 0
  for (let ring = 0; ; ring++) {
    const distance = RING + ring * PITCH * 1.4
    const room = Math.floor((2 * Math.PI * distance) / (PITCH * 1.6))
    if (index - before < room) {
      const part =
        of === Number.POSITIVE_INFINITY ? halving(index - before) : (index - before) / Math.min(room, of - before)
      return { angle: -Math.PI / 2 + 2 * Math.PI * part + ring * 0.3, distance }
    }
    before += room
  }
}

/** 0, 1/2, 1/4, 3/4, 1/8, 5/8, …: van der Corput's sequence. */
function halving(index: number): number {
  let part = 0
  for (let rest = index, unit = 0.5; rest > 0; rest = Math.floor(rest / 2), unit /= 2) part += (rest % 2) * unit
  return part
}

function inTheMiddle({ x, y }: Point, seat: number, of: number): Point {
  if (of === 1) return { x, y }
  const distance = (PITCH * 1.5 * of) / Math.PI
  const angle = -Math.PI + (2 * Math.PI * seat) / of
  return { x: Math.round(x + Math.cos(angle) * distance), y: Math.round(y + Math.sin(angle) * distance) }
}
