import { select } from 'd3-selection'
import 'd3-transition'
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom'
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Scene } from './scene.ts'

export interface View {
  transform: RefObject<ZoomTransform>
  fit(animated?: boolean): void
  zoomBy(factor: number): void
  centre(x: number, y: number): void
}

/** Pan and zoom by pointer, wheel and touch (d3-zoom), and the same by call for buttons and keys. */
export function useView(
  canvas: RefObject<HTMLCanvasElement | null>,
  scene: RefObject<Scene>,
  onChange: () => void,
): View {
  const transform = useRef<ZoomTransform>(zoomIdentity)
  const behaviour = useRef<ZoomBehavior<HTMLCanvasElement, unknown> | null>(null)
  const changed = useRef(onChange)
  changed.current = onChange

  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const made = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([0.05, 6])
      .on('zoom', (event: { transform: ZoomTransform }) => {
        transform.current = event.transform
        changed.current()
      })
    behaviour.current = made
    select(element).call(made).on('dblclick.zoom', null)
    return () => {
      select(element).on('.zoom', null)
    }
  }, [canvas])

  return useMemo(() => {
    const motion = () => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 140)
    const target = () => (canvas.current && behaviour.current ? select(canvas.current) : null)
    return {
      transform,
      fit(animated = true) {
        const bounds = scene.current?.bounds
        const element = canvas.current
        if (!bounds || !element || !behaviour.current) return
        const { clientWidth: width, clientHeight: height } = element
        const k = Math.min(
          1.6,
          (0.92 * width) / (bounds.x1 - bounds.x0 + 90),
          (0.86 * height) / (bounds.y1 - bounds.y0 + 110),
        )
        const x = width / 2 - ((bounds.x0 + bounds.x1) / 2) * k
        const y = height / 2 - ((bounds.y0 + bounds.y1) / 2) * k
        const wanted = zoomIdentity.translate(x, y).scale(k)
        target()
          ?.transition()
          .duration(animated ? motion() : 0)
          .call(behaviour.current.transform, wanted)
      },
      zoomBy(factor: number) {
        if (behaviour.current) target()?.transition().duration(motion()).call(behaviour.current.scaleBy, factor)
      },
      centre(x: number, y: number) {
        if (behaviour.current) target()?.transition().duration(motion()).call(behaviour.current.translateTo, x, y)
      },
    }
  }, [canvas, scene])
}
