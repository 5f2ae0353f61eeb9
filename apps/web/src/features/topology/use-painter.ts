import { type RefObject, useCallback, useEffect, useRef } from 'react'
import { draw } from './draw.ts'
import type { Frame } from './frame.ts'
import { GlyphCache } from './glyph-cache.ts'

type Painted = Omit<Frame, 'width' | 'height' | 'ratio' | 'glyphs' | 'now'>

/** Ages fade this often; everything else is drawn when it changes, and at no other time. */
const FADE_MS = 5000

/** Draws at the next frame after `repaint`, however often that is called; `read` gives what is to be drawn. */
export function usePainter(canvas: RefObject<HTMLCanvasElement | null>, read: () => Painted | null, now: () => number) {
  const latest = useRef({ read, now })
  latest.current = { read, now }
  const pending = useRef(0)
  const glyphs = useRef<{ cache: GlyphCache; palette: Frame['palette'] } | null>(null)

  const paint = useCallback(() => {
    pending.current = 0
    const element = canvas.current
    const context = element?.getContext('2d')
    const frame = latest.current.read()
    if (!element || !context || !frame) return
    const ratio = window.devicePixelRatio || 1
    const { clientWidth: width, clientHeight: height } = element
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (element.width !== wide || element.height !== high) {
      element.width = wide
      element.height = high
    }
    if (glyphs.current?.cache.ratio !== ratio || glyphs.current.palette !== frame.palette)
      glyphs.current = { cache: new GlyphCache(ratio), palette: frame.palette }
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    draw(context, { ...frame, width, height, ratio, glyphs: glyphs.current.cache, now: latest.current.now() })
  }, [canvas])

  const repaint = useCallback(() => {
    pending.current ||= requestAnimationFrame(paint)
  }, [paint])

  useEffect(() => {
    // Drawn at once: a canvas that was resized is empty until it is.
    const observer = new ResizeObserver(paint)
    if (canvas.current) observer.observe(canvas.current)
    const fading = setInterval(repaint, FADE_MS)
    void document.fonts?.ready.then(repaint)
    return () => {
      observer.disconnect()
      clearInterval(fading)
      cancelAnimationFrame(pending.current)
      pending.current = 0
    }
  }, [canvas, paint, repaint])

  return repaint
}
