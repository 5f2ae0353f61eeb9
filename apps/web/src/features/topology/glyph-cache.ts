import type { Glyph } from './glyph.ts'
import type { Palette } from './palette.ts'

export interface Stamp {
  image: CanvasImageSource
  /** px at each side */
  size: number
}

/** Small pictures, painted once and stamped many times. */
export class GlyphCache {
  readonly #made = new Map<string, Stamp>()

  readonly palette: Palette
  readonly ratio: number

  constructor(palette: Palette, ratio: number) {
    this.palette = palette
    this.ratio = ratio
  }

  /** Whether what was painted may be stamped under these colours, on this screen. */
  suits(palette: Palette, ratio: number): boolean {
    return this.palette === palette && this.ratio === ratio
  }

  of(glyph: Glyph): Stamp {
    const known = this.#made.get(glyph.key)
    if (known) return known
    // Zooming asks for each glyph in many sizes.
    if (this.#made.size > 600) this.#made.clear()
    const pixels = Math.ceil(2 * (glyph.reach + 1) * this.ratio)
    const made = { image: this.#paint(glyph, pixels), size: pixels / this.ratio }
    this.#made.set(glyph.key, made)
    return made
  }

  /** Its middle there, on whole pixels of the device: so it stays crisp, and is copied as it is. */
  put(context: CanvasRenderingContext2D, { image, size }: Stamp, x: number, y: number): void {
    const left = Math.round((x - size / 2) * this.ratio) / this.ratio
    const top = Math.round((y - size / 2) * this.ratio) / this.ratio
    context.drawImage(image, left, top, size, size)
  }

  #paint({ paint }: Glyph, pixels: number): CanvasImageSource {
    const canvas = new OffscreenCanvas(pixels, pixels)
    const context = canvas.getContext('2d')
    if (!context) return canvas
    context.setTransform(this.ratio, 0, 0, this.ratio, pixels / 2, pixels / 2)
    paint(context)
    // A picture, no canvas: of that the browser would take a copy at each stamp.
    return canvas.transferToImageBitmap()
  }
}
