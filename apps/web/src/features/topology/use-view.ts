import { select } from 'd3-selection'
import 'd3-transition'
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom'
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Bounds } from './scene.ts'

/** px at each side that something else covers. */
export interface Insets {
  top: number
  right: number
  bottom: number
  left: number
}

export interface View {
  transform: RefObject<ZoomTransform>
  fit(bounds: Bounds, insets: Insets, animated?: boolean): void
  zoomBy(factor: number): void
  panBy(dx: number, dy: number): void
  /** moves only as far as is needed to see it, and comes nearer when it is a speck */
  reveal(point: { x: number; y: number }, insets: Insets): void
}

const MOST = 6
const LEAST = 0.04
/** A small network is not blown up past this. */
const FIT_AT_MOST = 1.5
const SPECK = 0.6
/** room around the outermost nodes for hulls and names, at zoom 1 */
const AROUND = 46

/** Pan and zoom by pointer, wheel and touch (d3-zoom), and the same by call for buttons and keys. */
export function useView(canvas: RefObject<HTMLCanvasElement | null>, onChange: () => void, onGrab: () => void): View {
  const transform = useRef<ZoomTransform>(zoomIdentity)
  const behaviour = useRef<ZoomBehavior<HTMLCanvasElement, unknown> | null>(null)
  const heard = useRef({ onChange, onGrab })
  heard.current = { onChange, onGrab }

  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const made = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([LEAST, MOST])
      .on('zoom', (event: { transform: ZoomTransform; sourceEvent: unknown }) => {
        transform.current = event.transform
        if (event.sourceEvent) heard.current.onGrab()
        heard.current.onChange()
      })
    behaviour.current = made
    select(element).call(made).on('dblclick.zoom', null)
    return () => {
      select(element).on('.zoom', null)
    }
  }, [canvas])

  return useMemo(() => {
    const motion = () => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 140)
    const size = () => ({ width: canvas.current?.clientWidth ?? 0, height: canvas.current?.clientHeight ?? 0 })
    const go = (wanted: ZoomTransform, animated = true) => {
      if (!canvas.current || !behaviour.current) return
      const target = select(canvas.current)
      if (animated && motion() > 0) target.transition().duration(motion()).call(behaviour.current.transform, wanted)
      else target.interrupt().call(behaviour.current.transform, wanted)
    }
    return {
      transform,
      fit: (bounds, insets, animated = true) => go(fitted(bounds, size(), insets), animated),
      zoomBy(factor) {
        const { width, height } = size()
        const { x, y, k } = transform.current
        const wanted = Math.min(MOST, Math.max(LEAST, k * factor))
        const [cx, cy] = [width / 2, height / 2]
        go(zoomIdentity.translate(cx - ((cx - x) / k) * wanted, cy - ((cy - y) / k) * wanted).scale(wanted))
      },
      panBy(dx, dy) {
        const { x, y, k } = transform.current
        go(zoomIdentity.translate(x + dx, y + dy).scale(k))
      },
      reveal: (point, insets) => go(revealed(point, transform.current, size(), insets)),
    }
  }, [canvas])
}

type Size = { width: number; height: number }

export function fitted(bounds: Bounds, { width, height }: Size, { top, right, bottom, left }: Insets): ZoomTransform {
  const [roomX, roomY] = [Math.max(80, width - left - right), Math.max(80, height - top - bottom)]
  const [wide, high] = [bounds.x1 - bounds.x0 + 2 * AROUND, bounds.y1 - bounds.y0 + 2 * AROUND]
  const k = Math.max(LEAST, Math.min(FIT_AT_MOST, roomX / wide, roomY / high))
  const x = left + roomX / 2 - ((bounds.x0 + bounds.x1) / 2) * k
  const y = top + roomY / 2 - ((bounds.y0 + bounds.y1) / 2) * k
  return zoomIdentity.translate(x, y).scale(k)
}

export function revealed(
  point: { x: number; y: number },
  { x, y, k }: ZoomTransform,
  { width, height }: Size,
  { top, right, bottom, left }: Insets,
): ZoomTransform {
  const zoomed = k < SPECK ? 1 : k
  const [sx, sy] = [point.x * k + x, point.y * k + y]
  const edge = 60
  const [minX, maxX] = [left + edge, Math.max(left + edge, width - right - edge)]
  const [minY, maxY] = [top + edge, Math.max(top + edge, height - bottom - edge)]
  const [wantedX, wantedY] =
    zoomed === k
      ? [Math.min(maxX, Math.max(minX, sx)), Math.min(maxY, Math.max(minY, sy))]
      : [(minX + maxX) / 2, (minY + maxY) / 2]
  return zoomIdentity.translate(wantedX - point.x * zoomed, wantedY - point.y * zoomed).scale(zoomed)
}
