/** The corner of a cell whose way there is not the way back; x, y is its tip. */
export function drawCorner(c: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  c.beginPath()
  c.moveTo(x, y)
  c.lineTo(x - size, y)
  c.lineTo(x, y + size)
  c.fill()
}
