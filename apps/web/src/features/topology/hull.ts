import { polygonArea, polygonHull } from 'd3-polygon'

/** The soft outline of a site: a disc where its nodes stand in one, else their convex hull drawn with a broad round pen. */
export type Hull = { kind: 'disc' } | { kind: 'polygon'; points: readonly (readonly [number, number])[] }

export interface Outline {
  x: number
  y: number
  /** from there to the farthest point of the rim */
  radius: number
  hull: Hull
}

/** From a node's middle to the rim: past its arcs, and a finger's breadth. */
export const HULL_PAD = 24

/** A disc may hold this much more than the nodes need; past it they lie in a row or an angle, and a disc would cover others. */
const WASTE = 1.9

export function outline(nodes: readonly { x: number; y: number }[]): Outline {
  const corners = nodes.map(({ x, y }): [number, number] => [x, y])
  // A hull needs three points that are not on one line; one or two nodes are their own outline.
  const points = polygonHull(corners) ?? corners
  const x = points.reduce((sum, [px]) => sum + px, 0) / points.length
  const y = points.reduce((sum, [, py]) => sum + py, 0) / points.length
  const reach = Math.max(...points.map(([px, py]) => Math.hypot(px - x, py - y)))
  const radius = reach + HULL_PAD
  const needed = Math.abs(polygonArea(points)) + perimeter(points) * HULL_PAD + Math.PI * HULL_PAD ** 2
  const round = Math.PI * radius ** 2 <= needed * WASTE
  return { x, y, radius, hull: round ? { kind: 'disc' } : { kind: 'polygon', points } }
}

/** How far the rim is from the middle, that way (a unit vector). */
export function rimDistance({ x, y, radius, hull }: Outline, ux: number, uy: number): number {
  if (hull.kind === 'disc') return radius
  let farthest = 0
  for (const [index, [ax, ay]] of hull.points.entries()) {
    const [bx = ax, by = ay] = hull.points[(index + 1) % hull.points.length] ?? []
    const [ex, ey] = [bx - ax, by - ay]
    const cross = ux * ey - uy * ex
    if (Math.abs(cross) < 1e-9) continue
    const along = ((ax - x) * ey - (ay - y) * ex) / cross
    const on = ((ax - x) * uy - (ay - y) * ux) / cross
    if (on >= 0 && on <= 1) farthest = Math.max(farthest, along)
  }
  return farthest + HULL_PAD
}

function perimeter(points: readonly (readonly [number, number])[]): number {
  return points.reduce((sum, [x, y], index) => {
    const [nx = x, ny = y] = points[(index + 1) % points.length] ?? []
    return sum + Math.hypot(nx - x, ny - y)
  }, 0)
}
