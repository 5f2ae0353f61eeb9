import { type Frame, glyphRadius, NAMES_ZOOM, nodeAlpha } from './frame.ts'
import { glyphOf, outlinePath } from './glyph.ts'
import type { Stamp } from './glyph-cache.ts'
import type { Label } from './labels.ts'
import type { PlacedNode } from './placed.ts'

export function drawNodes(context: CanvasRenderingContext2D, frame: Frame): void {
  const { palette, scene, glyphs, view } = frame
  // At one zoom a look is one picture: thousands of nodes are a few dozen.
  const stamps = new Map<string, Stamp>()
  let alpha = 1
  for (const placed of scene.nodes) {
    const [x, y] = at(placed, frame)
    if (!isInSight(x, y, frame)) continue
    let stamp = stamps.get(placed.look)
    if (!stamp) {
      stamp = glyphs.of(glyphOf(placed.node, scene.facts, glyphRadius(placed.radius, view.k), palette))
      stamps.set(placed.look, stamp)
    }
    const wanted = nodeAlpha(frame, placed.node.id, placed.context)
    if (wanted !== alpha) {
      alpha = wanted
      context.globalAlpha = alpha
    }
    glyphs.put(context, stamp, x, y)
  }
  context.globalAlpha = 1
}

/** A ring around what is selected, a fainter one under the pointer, a dashed one where the keys are. */
export function drawMarks(context: CanvasRenderingContext2D, frame: Frame): void {
  const marks = [
    { id: frame.hoveredNode, dash: [], width: 1.5 },
    { id: frame.cursor, dash: [4, 3], width: 2 },
    { id: frame.selectedNode, dash: [], width: 2.5 },
  ]
  for (const { id, dash, width } of marks) {
    const placed = id === null ? undefined : frame.scene.byId.get(id)
    if (!placed) continue
    const [x, y] = at(placed, frame)
    context.save()
    context.translate(x, y)
    outlinePath(
      context,
      placed.node.role === 'gateway',
      Math.max(7, glyphRadius(placed.radius, frame.view.k) * 1.36 + 5),
    )
    context.restore()
    context.setLineDash(dash)
    context.lineWidth = width
    context.strokeStyle = frame.palette.accent
    context.stroke()
    context.setLineDash([])
  }
}

/** Names: of all from near; from afar of gateways, of what is in trouble, and of what is pointed at. */
export function nodeLabels(frame: Frame): Label[] {
  const { scene, view, palette } = frame
  // Both ends of a tunnel that is pointed at or selected, too.
  const ends = frame.lit.edges.size <= 2 ? frame.lit.nodes : []
  const special = new Set([frame.hoveredNode, frame.selectedNode, frame.cursor, ...ends])
  const named = view.k >= NAMES_ZOOM ? scene.nodes : scene.prominent
  const placed = [...special].flatMap((id) => (id === null ? [] : (scene.byId.get(id) ?? [])))
  return [...placed, ...named.filter(({ node }) => !special.has(node.id))].flatMap((each): Label[] => {
    const [x, y] = at(each, frame)
    if (!isInSight(x, y, frame)) return []
    const { node } = each
    const alpha = nodeAlpha(frame, node.id, each.context)
    const gateway = node.role === 'gateway'
    const isSpecial = special.has(node.id)
    if (alpha < 0.3 && !isSpecial) return []
    return [
      {
        ...{ text: node.name, x, alpha, size: gateway ? 12 : 11.5, bold: gateway || isSpecial },
        y: y + Math.max(4, glyphRadius(each.radius, view.k)) * 1.36 + 6,
        weight: isSpecial ? 100 : gateway ? 70 : each.troubled ? 45 : 5,
        colour: gateway || isSpecial ? palette.text : palette.text2,
      },
    ]
  })
}

function at({ x, y }: PlacedNode, { view }: Frame): [number, number] {
  return [x * view.k + view.x, y * view.k + view.y]
}

function isInSight(x: number, y: number, { width, height }: Frame): boolean {
  return x > -40 && x < width + 40 && y > -40 && y < height + 40
}
