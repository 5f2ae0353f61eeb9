import type { Frame } from './frame.ts'
import { HULL_PAD, rimDistance } from './hull.ts'
import type { Label } from './labels.ts'
import type { Site } from './placed.ts'

/** A soft hull around the nodes of each site; its name above, and how many they are. */
export function drawHulls(context: CanvasRenderingContext2D, frame: Frame): void {
  const { palette } = frame
  context.lineJoin = 'round'
  context.strokeStyle = palette.line
  for (const site of frame.scene.sites.values()) {
    if (!isInSight(site, frame)) continue
    context.fillStyle = palette.hull
    if (site.hull.kind === 'polygon') drawPolygon(context, frame, site.hull.points)
    else {
      const { x, y, k } = frame.view
      context.beginPath()
      context.arc(site.x * k + x, site.y * k + y, site.radius * k, 0, Math.PI * 2)
      context.fill()
      context.lineWidth = 1
      context.strokeStyle = palette.line
      context.stroke()
    }
  }
}

/** With a broad round pen, twice: the rim, and inside it the ground. */
function drawPolygon(
  context: CanvasRenderingContext2D,
  { view, palette }: Frame,
  points: readonly (readonly [number, number])[],
): void {
  context.beginPath()
  for (const [x, y] of points) context.lineTo(x * view.k + view.x, y * view.k + view.y)
  context.closePath()
  for (const [width, colour] of [
    [2 * HULL_PAD * view.k + 1, palette.line],
    [2 * HULL_PAD * view.k - 1, palette.hull],
  ] as const) {
    context.lineWidth = Math.max(1, width)
    context.strokeStyle = colour
    context.stroke()
  }
  context.fill()
}

/** Above its site; below, where its tunnels leave above. */
export function siteLabels(frame: Frame): Label[] {
  const { view, palette, scene } = frame
  const ways = new Map(scene.bundles.map(({ site, gateway }) => [site.id, { x: gateway.x, y: gateway.y }]))
  return [...scene.sites.values()]
    .filter((site) => isInSight(site, frame))
    .map((site) => {
      const way = ways.get(site.id)
      const below = way !== undefined && site.y - way.y > Math.abs(site.x - way.x) * 0.8
      const rim = rimDistance(site, 0, below ? 1 : -1) * view.k
      const lit = site.members.some(({ node }) => frame.lit.nodes.has(node.id))
      return {
        text: site.name,
        after: site.troubled > 0 ? `${site.troubled} of ${site.members.length}` : `${site.members.length}`,
        mark: site.troubled > 0 ? ('warn' as const) : undefined,
        x: site.x * view.k + view.x,
        y: site.y * view.k + view.y + (below ? rim + 6 : -rim - 18),
        weight: 40 + Math.min(20, site.members.length / 10),
        size: 12,
        bold: true,
        colour: palette.text2,
        alpha: frame.dimsRest && !lit ? 0.5 : 1,
      }
    })
}

function isInSight({ x, y, radius }: Site, { view, width, height }: Frame): boolean {
  const [sx, sy, r] = [x * view.k + view.x, y * view.k + view.y, radius * view.k + 24]
  return sx + r > 0 && sx - r < width && sy + r > 0 && sy - r < height
}
