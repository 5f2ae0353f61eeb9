import { drawEdge, drawEdgeLabels } from './draw-edges.ts'
import { drawLabels, drawNode } from './draw-nodes.ts'
import { drawSites } from './draw-sites.ts'
import { type Frame, inside, touches, visibleWorld } from './frame.ts'

/** Draws one frame. Colour is never alone: a state has a dash, a gap or a cross too. */
export function draw(context: CanvasRenderingContext2D, frame: Frame): void {
  const { view, width, height, scene } = frame
  context.clearRect(0, 0, width, height)
  context.save()
  context.translate(view.x, view.y)
  context.scale(view.k, view.k)
  drawSites(context, frame)
  const seen = visibleWorld(frame)
  for (const edge of scene.edges) if (touches(edge, seen)) drawEdge(context, frame, edge)
  const nodes = scene.nodes.filter((node) => inside(node, seen))
  for (const node of nodes) drawNode(context, frame, node)
  context.restore()
  drawEdgeLabels(context, frame, seen)
  drawLabels(context, frame, nodes)
}
