import { polygonHull } from 'd3-polygon'
import type { Frame } from './frame.ts'
import type { PlacedNode } from './scene.ts'

/** A soft hull around the nodes of each site, with its name and how many they are. */
export function drawSites(context: CanvasRenderingContext2D, frame: Frame): void {
  const sites = new Map<string, PlacedNode[]>()
  for (const placed of frame.scene.nodes) {
    if (placed.node.siteId === null) continue
    const members = sites.get(placed.node.siteId)
    if (members) members.push(placed)
    else sites.set(placed.node.siteId, [placed])
  }
  context.lineJoin = 'round'
  for (const members of sites.values()) {
    const around = members.flatMap(({ x, y }): [number, number][] => [
      [x - 9, y - 9],
      [x + 9, y - 9],
      [x - 9, y + 9],
      [x + 9, y + 9],
    ])
    const hull = polygonHull(around)
    if (!hull) continue
    context.beginPath()
    for (const [index, [x, y]] of hull.entries()) index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)
    context.closePath()
    context.fillStyle = frame.palette.hull
    context.strokeStyle = frame.palette.hull
    context.lineWidth = 22
    context.stroke()
    context.fill()
    const top = Math.min(...hull.map(([, y]) => y))
    const middle = hull.reduce((sum, [x]) => sum + x, 0) / hull.length
    const size = Math.max(10, 12 / frame.view.k)
    if (frame.view.k < 0.25 && members.length < 5) continue
    context.font = `500 ${size}px ${frame.palette.font}`
    context.fillStyle = frame.palette.dimmed
    context.textAlign = 'center'
    context.fillText(`${members[0]?.node.siteName ?? ''} · ${members.length}`, middle, top - 16)
  }
}
