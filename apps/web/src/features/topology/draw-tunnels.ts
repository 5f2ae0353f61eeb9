import { formatMs } from '~/ui/units.ts'
import type { Bundle, Lane, Segment, Strand } from './bundle.ts'
import { dashes, type Look, lineWidth, lookMark } from './edge-look.ts'
import { type Frame, NEAR_ZOOM, nodeAlpha } from './frame.ts'
import type { Label } from './labels.ts'

/** Evidence is fresh up to here, and fades until it is none (mesh/health, EVIDENCE_FRESH_MS). */
const FADE_FROM_MS = 15_000
const FADE_TO_MS = 45_000

/** px on the screen: a number fits beside the ends of a line this long. */
const LABEL_LENGTH = 70

export function drawLanes(context: CanvasRenderingContext2D, frame: Frame, wanted: (look: Look) => boolean): void {
  for (const bundle of frame.scene.bundles)
    for (const lane of bundle.lanes) if (wanted(lane.look)) drawLane(context, frame, bundle, lane, lane)
}

/** What healthy bundles have inside the hull of the gateway's own site, which was drawn over them. */
export function drawInner(context: CanvasRenderingContext2D, frame: Frame): void {
  for (const bundle of frame.scene.bundles)
    for (const lane of bundle.lanes)
      if (lane.look === 'up' && lane.inner) drawLane(context, frame, bundle, lane, lane.inner)
}

function drawLane(context: CanvasRenderingContext2D, frame: Frame, bundle: Bundle, lane: Lane, segment: Segment): void {
  const lit = frame.lit.bundles.has(bundle.id)
  const known = bundle.site.members.some(({ node }) => nodeAlpha(frame, node.id, false) === 1)
  const strength = lane.look !== 'up' ? 1 : segment === lane.inner ? 0.45 : 0.75
  context.globalAlpha = lit ? 1 : known && !frame.dimsRest ? strength * freshness(lane.evidenceAt, frame) : 0.18
  pen(context, frame, lane.look, lineWidth(lane.look, lane.rate) + (lit ? 1 : 0))
  line(context, frame, [segment])
  if (lane.look === 'down') cross(context, frame, lane.outer)
  context.setLineDash([])
  context.globalAlpha = 1
}

/** Those of their own, and from near the last part of bundled ones. One stroke for all that look alike. */
export function drawStrands(context: CanvasRenderingContext2D, frame: Frame): void {
  const alike = new Map<string, { strands: Strand[]; alpha: number; width: number; look: Look }>()
  for (const strand of frame.scene.strands) {
    if (!isShown(strand, frame) || !isInSight(strand, frame)) continue
    const lit = frame.lit.edges.has(strand.edge.id)
    const alpha = lit ? 1 : strandAlpha(strand, frame)
    const width = lineWidth(strand.look, strand.edge.rate) * (strand.bundle ? 0.8 : 1) + (lit ? 0.8 : 0)
    const style = { alpha: Math.round(alpha * 5) / 5, width: Math.round(width * 2) / 2, look: strand.look }
    const key = `${style.look} ${style.alpha} ${style.width}`
    const others = alike.get(key)
    if (others) others.strands.push(strand)
    else alike.set(key, { ...style, strands: [strand] })
  }
  for (const { strands, alpha, width, look } of alike.values()) {
    context.globalAlpha = alpha
    pen(context, frame, look, width)
    line(context, frame, strands)
    context.setLineDash([])
    if (look === 'down') for (const strand of strands) if (!strand.bundle) cross(context, frame, strand)
  }
  context.globalAlpha = 1
}

/** From afar the healthy part of a bundle is its line alone. */
export function isShown(strand: Strand, frame: Pick<Frame, 'view' | 'lit'>): boolean {
  return (
    strand.bundle === null || strand.look !== 'up' || frame.view.k >= NEAR_ZOOM || frame.lit.edges.has(strand.edge.id)
  )
}

function strandAlpha({ a, b, edge, look }: Strand, frame: Frame): number {
  const ends = Math.min(nodeAlpha(frame, a.node.id, false), nodeAlpha(frame, b.node.id, false))
  const found = frame.found && (frame.found.has(a.node.id) || frame.found.has(b.node.id))
  const evidence = edge.evidenceAt === null ? null : Date.parse(edge.evidenceAt)
  const strength = look !== 'up' ? 1 : a.node.siteId !== null && a.node.siteId === b.node.siteId ? 0.35 : 0.6
  return (found ? 1 : ends) * strength * freshness(evidence, frame)
}

function freshness(evidenceAt: number | null, { now }: Frame): number {
  if (evidenceAt === null) return 0.7
  const age = (now - evidenceAt - FADE_FROM_MS) / (FADE_TO_MS - FADE_FROM_MS)
  return 1 - 0.5 * Math.max(0, Math.min(1, age))
}

function pen(context: CanvasRenderingContext2D, { palette }: Frame, look: Look, width: number): void {
  context.strokeStyle = palette.status[lookMark(look)]
  context.lineWidth = width
  context.lineCap = look === 'one-way' ? 'round' : 'butt'
  context.setLineDash([...dashes[look]])
}

function line(context: CanvasRenderingContext2D, { view }: Frame, segments: readonly Segment[]): void {
  context.beginPath()
  for (const { x0, y0, x1, y1 } of segments) {
    context.moveTo(x0 * view.k + view.x, y0 * view.k + view.y)
    context.lineTo(x1 * view.k + view.x, y1 * view.k + view.y)
  }
  context.stroke()
}

/** Dead: crossed out at its middle. */
function cross(context: CanvasRenderingContext2D, { view, palette }: Frame, { x0, y0, x1, y1 }: Segment): void {
  const [x, y] = [((x0 + x1) / 2) * view.k + view.x, ((y0 + y1) / 2) * view.k + view.y]
  context.beginPath()
  context.arc(x, y, 8, 0, Math.PI * 2)
  context.fillStyle = palette.surface
  context.fill()
  context.lineWidth = 2
  context.beginPath()
  for (const way of [1, -1]) {
    context.moveTo(x - 4.5, y - 4.5 * way)
    context.lineTo(x + 4.5, y + 4.5 * way)
  }
  context.stroke()
}

/** On each bundle: how many tunnels, and their round trip. */
export function laneLabels(frame: Frame): Label[] {
  return frame.scene.bundles.flatMap((bundle) =>
    bundle.lanes.flatMap((lane): Label[] => {
      const lit = frame.lit.bundles.has(bundle.id)
      if (!isInSight(lane.outer, frame) || lane.look === 'down' || (frame.dimsRest && !lit)) return []
      if (lengthOf(lane.outer, frame) < LABEL_LENGTH) return []
      const parts = [lane.edges.length > 1 && `${lane.edges.length}`, lane.rttMs !== null && formatMs(lane.rttMs)]
      const text = parts.filter(Boolean).join(' · ')
      return text === '' ? [] : [onLine(frame, lane.label, text, lit ? 90 : lane.look === 'up' ? 10 : 30)]
    }),
  )
}

/** On a tunnel of its own, and on what is lit: its round trip. */
export function strandLabels(frame: Frame): Label[] {
  return frame.scene.strands.flatMap((strand): Label[] => {
    const lit = frame.lit.edges.has(strand.edge.id) && frame.lit.edges.size < 40
    if (strand.edge.rttMs === null || strand.look === 'down' || (frame.dimsRest && !lit)) return []
    const isLocal =
      strand.bundle !== null || (strand.a.node.siteId !== null && strand.a.node.siteId === strand.b.node.siteId)
    if (isLocal ? !lit || frame.view.k < NEAR_ZOOM : lengthOf(strand, frame) < LABEL_LENGTH) return []
    if (!isInSight(strand, frame)) return []
    return [onLine(frame, middleOf(strand), formatMs(strand.edge.rttMs), lit ? 80 : 8)]
  })
}

function onLine({ view, palette }: Frame, at: { x: number; y: number }, text: string, weight: number): Label {
  const [x, y] = [at.x * view.k + view.x, at.y * view.k + view.y - 6]
  return { text, x, y, weight, size: 11, colour: palette.text2, strip: true }
}

const middleOf = ({ x0, y0, x1, y1 }: Segment) => ({ x: (x0 + x1) / 2, y: (y0 + y1) / 2 })

function lengthOf({ x0, y0, x1, y1 }: Segment, { view }: Frame): number {
  return Math.hypot(x1 - x0, y1 - y0) * view.k
}

function isInSight({ x0, y0, x1, y1 }: Segment, { view, width, height }: Frame): boolean {
  return !(
    Math.max(x0, x1) * view.k + view.x < 0 ||
    Math.min(x0, x1) * view.k + view.x > width ||
    Math.max(y0, y1) * view.k + view.y < 0 ||
    Math.min(y0, y1) * view.k + view.y > height
  )
}
