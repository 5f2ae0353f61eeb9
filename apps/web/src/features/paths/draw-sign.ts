import type { Sign } from './path-words.ts'

const STROKED: ReadonlySet<Sign> = new Set(['relayed', 'dead', 'none'])

/** The shape that tells a kind without its colour, in a square of 2 r around x, y. */
export function drawSign(c: CanvasRenderingContext2D, sign: Sign, x: number, y: number, r: number, ink: string): void {
  c.fillStyle = ink
  c.strokeStyle = ink
  c.lineWidth = Math.max(1.3, r * 0.32)
  c.beginPath()
  outline[sign](c, x, y, r)
  if (STROKED.has(sign)) c.stroke()
  else c.fill()
}

type Outline = (c: CanvasRenderingContext2D, x: number, y: number, r: number) => void

const outline: Readonly<Record<Sign, Outline>> = {
  lan: (c, x, y, r) => c.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7),
  direct: (c, x, y, r) => c.arc(x, y, r, 0, 2 * Math.PI),
  gateway: (c, x, y, r) => {
    for (let corner = 0; corner < 6; corner++) {
      const angle = (corner * Math.PI) / 3 - Math.PI / 2
      c.lineTo(x + r * 1.1 * Math.cos(angle), y + r * 1.1 * Math.sin(angle))
    }
    c.closePath()
  },
  relayed: (c, x, y, r) => c.arc(x, y, r * 0.85, 0, 2 * Math.PI),
  'one-way': (c, x, y, r) => {
    c.moveTo(x - r * 0.8, y - r)
    c.lineTo(x + r, y)
    c.lineTo(x - r * 0.8, y + r)
    c.closePath()
  },
  dead: (c, x, y, r) => {
    c.moveTo(x - r * 0.8, y - r * 0.8)
    c.lineTo(x + r * 0.8, y + r * 0.8)
    c.moveTo(x + r * 0.8, y - r * 0.8)
    c.lineTo(x - r * 0.8, y + r * 0.8)
  },
  none: (c, x, y, r) => {
    c.moveTo(x - r * 0.7, y)
    c.lineTo(x + r * 0.7, y)
  },
}
