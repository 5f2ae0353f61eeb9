const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Null for what is no base64 of whole bytes. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  const bare = text.replace(/=+$/, '')
  const bytes = new Uint8Array(Math.floor((bare.length * 6) / 8))
  let bits = 0
  let held = 0
  let at = 0
  for (const character of bare) {
    held = ((held << 6) | ALPHABET.indexOf(character)) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 0xff
    }
  }
  return bytes
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const three = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const four = [18, 12, 6, 0].map((shift) => ALPHABET[(three >> shift) & 63]).join('')
    text += four.slice(0, Math.min(4, bytes.length - i + 1))
  }
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}
