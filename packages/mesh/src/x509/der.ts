/** As much of DER (X.690) as a certificate and a request for one need. */

/** One element: its content is from `start` to `end`. */
export function readElement(der: Uint8Array, at: number): { tag: number; start: number; end: number } | null {
  const tag = der[at]
  const first = der[at + 1]
  if (tag === undefined || first === undefined) return null
  let length = first
  let start = at + 2
  if (first > 0x80) {
    const bytes = first & 0x7f
    if (bytes > 4) return null
    length = 0
    for (let i = 0; i < bytes; i++) length = length * 256 + (der[start + i] ?? 0)
    start += bytes
  }
  return start + length <= der.length ? { tag, start, end: start + length } : null
}

export const SEQUENCE = 0x30
export const SET = 0x31
export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OBJECT_IDENTIFIER = 0x06
export const UTF8_STRING = 0x0c

export function element(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const content = parts.flatMap((part) => Array.from(part))
  const length = content.length
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Uint8Array.from([tag, ...head, ...content])
}
