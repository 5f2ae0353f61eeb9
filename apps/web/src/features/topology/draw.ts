import { drawMarks, drawNodes, nodeLabels } from './draw-nodes.ts'
import { drawHulls, siteLabels } from './draw-sites.ts'
import { drawInner, drawLanes, drawStrands, laneLabels, strandLabels } from './draw-tunnels.ts'
import type { Frame } from './frame.ts'
import { drawLabels } from './labels.ts'

/** Draws one frame, from below: healthy bundles, sites, what is not healthy, nodes, words. All in px of the screen. */
export function draw(context: CanvasRenderingContext2D, frame: Frame): void {
  context.clearRect(0, 0, frame.width, frame.height)
  drawLanes(context, frame, (look) => look === 'up')
  drawHulls(context, frame)
  drawInner(context, frame)
  drawLanes(context, frame, (look) => look !== 'up')
  drawStrands(context, frame)
  drawNodes(context, frame)
  drawMarks(context, frame)
  drawLabels(context, frame, [...nodeLabels(frame), ...siteLabels(frame), ...strandLabels(frame), ...laneLabels(frame)])
}
