/** Small pictures, painted once and stamped many times: a thousand nodes are a few dozen different glyphs. */
export class GlyphCache {
  readonly #made = new Map<string, { image: HTMLCanvasElement; size: number }>()

  readonly ratio: number

  constructor(ratio: number) {
    this.ratio = ratio
  }

  /** `paint` gets a context whose origin is the middle; `reach` is how far it paints from there, in px. */
  stamp(
    context: CanvasRenderingContext2D,
    key: string,
    reach: number,
    x: number,
    y: number,
    paint: (context: CanvasRenderingContext2D) => void,
  ): void {
    const glyph = this.#made.get(key) ?? this.#make(key, reach, paint)
    const left = Math.round((x - glyph.size / 2) * this.ratio) / this.ratio
    const top = Math.round((y - glyph.size / 2) * this.ratio) / this.ratio
    context.drawImage(glyph.image, left, top, glyph.size, glyph.size)
  }

  #make(key: string, reach: number, paint: (context: CanvasRenderingContext2D) => void) {
    // Zooming asks for each glyph in many sizes.
    if (this.#made.size > 600) this.#made.clear()
    const image = document.createElement('canvas')
    const pixels = Math.ceil(2 * (reach + 1) * this.ratio)
    image.width = pixels
    image.height = pixels
    const context = image.getContext('2d')
    if (context) {
      context.setTransform(this.ratio, 0, 0, this.ratio, pixels / 2, pixels / 2)
      paint(context)
    }
    const made = { image, size: pixels / this.ratio }
    this.#made.set(key, made)
    return made
  }
}
