/** As WireGuard writes keys: base64 of 32 bytes. */
export type KeyPair = { privateKey: string; publicKey: string }

/** Born in this browser. By its own cryptography where that knows X25519 and the page is secure, otherwise by a library. */
export async function makeKeyPair(): Promise<KeyPair> {
  return (await byBrowser()) ?? (await byLibrary())
}

async function byBrowser(): Promise<KeyPair | null> {
  // A console without HTTPS has no `subtle`; older browsers have one that does not know the curve.
  const subtle = globalThis.crypto?.subtle
  if (!subtle) return null
  try {
    const keys = (await subtle.generateKey({ name: 'X25519' }, true, ['deriveBits'])) as CryptoKeyPair
    const pkcs8 = new Uint8Array(await subtle.exportKey('pkcs8', keys.privateKey))
    const raw = new Uint8Array(await subtle.exportKey('raw', keys.publicKey))
    // RFC 8410: a head of 16 bytes, then the key.
    return { privateKey: base64(clamped(pkcs8.slice(-32))), publicKey: base64(raw) }
  } catch {
    return null
  }
}

export async function byLibrary(): Promise<KeyPair> {
  const { x25519 } = await import('@noble/curves/ed25519.js')
  const { secretKey, publicKey } = x25519.keygen()
  return { privateKey: base64(clamped(secretKey)), publicKey: base64(publicKey) }
}

/** As `wg genkey` does: every use of the key sets these bits anyway, so its public key stays the same. */
function clamped(key: Uint8Array): Uint8Array {
  const own = Uint8Array.from(key)
  own[0] = (own[0] ?? 0) & 248
  own[31] = ((own[31] ?? 0) & 127) | 64
  return own
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
