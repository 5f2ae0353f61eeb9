import { type RefObject, useCallback, useEffect, useRef } from 'react'

/** px; `ratio` is device px to a px. */
export type Size = { readonly width: number; readonly height: number; readonly ratio: number }

/** Ages fade this often; everything else is drawn when it changes, and at no other time. */
const FADE_MS = 5000

/**
 * Keeps a canvas as large as `box`, with as many pixels as the screen has, and calls `paint` at the next frame after `repaint`,
 * however often that is called.
 */
export function usePainter(
  canvas: RefObject<HTMLCanvasElement | null>,
  box: RefObject<HTMLElement | null>,
  paint: (context: CanvasRenderingContext2D, size: Size) => void,
): () => void {
  const latest = useRef(paint)
  latest.current = paint
  const pending = useRef(0)

  const draw = useCallback(() => {
    pending.current = 0
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || !box.current) return
    const ratio = window.devicePixelRatio || 1
    const { clientWidth: width, clientHeight: height } = box.current
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (element.width !== wide || element.height !== high) {
      element.width = wide
      element.height = high
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    latest.current(context, { width, height, ratio })
  }, [canvas, box])

  const repaint = useCallback(() => {
    pending.current ||= requestAnimationFrame(draw)
  }, [draw])

  useEffect(() => {
    // Drawn at once: a canvas that was resized is empty until it is.
    const observer = new ResizeObserver(draw)
    if (box.current) observer.observe(box.current)
    const fading = setInterval(repaint, FADE_MS)
    void document.fonts?.ready.then(repaint)
    return () => {
      observer.disconnect()
      clearInterval(fading)
      cancelAnimationFrame(pending.current)
      pending.current = 0
    }
  }, [box, draw, repaint])

  return repaint
}
