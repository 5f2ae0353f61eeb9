import encodeQR from 'qr'

/** Light around the code, in modules: what cameras expect, less what a dialog has around it anyway. */
const BORDER = 3

/** A QR code as one SVG path: a square of 1 by 1 for each dark module. */
export function qrPath(text: string): { size: number; path: string } {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: BORDER })
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join('')
  return { size: rows.length, path }
}
