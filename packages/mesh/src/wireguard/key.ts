/**
 * WireGuard public keys. `wg` itself takes the zero key and points of low order, with which everybody shares the secret, and
 * two spellings of one key as two peers; so keys are checked here, before they are stored.
 */
import { err, type Fault, ok, type Result } from '../result.ts'

export type PublicKeyFault = Fault<
  'wrong-length' | 'bad-characters' | 'non-canonical-base64' | 'zero-key' | 'low-order' | 'non-canonical-point'
>

/** 32 bytes are 43 characters and "=", and the last of the 43 carries 4 bits, so its two low bits are zero. */
export const KEY_PATTERN = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const P = (1n << 255n) - 19n

/**
 * The u-coordinates of the points whose order divides 8, on the curve and its twist: https://cr.yp.to/ecdh.html#validate lists
 * them together with their other encodings, which reduce to these modulo p once the unused top bit is masked (RFC 7748, 5).
 */
const LOW_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  P - 1n,
])

export function parsePublicKey(text: string): Result<string, PublicKeyFault> {
  if (text.length !== 44) {
    const message = `a WireGuard key has 44 characters, this has ${text.length}; copy the whole line that "wg pubkey" printed`
    return err({ kind: 'wrong-length', message })
  }
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) {
    const message = 'a WireGuard key is base64: 43 letters, digits, "+" or "/", then "="; copy it again'
    return err({ kind: 'bad-characters', message })
  }
  if (!KEY_PATTERN.test(text)) {
    const message =
      'the last character of this key has bits that belong to no key; it was mistyped or cut; copy it again'
    return err({ kind: 'non-canonical-base64', message })
  }
  const number = littleEndian(text)
  if (number === 0n) {
    return err({
      kind: 'zero-key',
      message: 'this key is all zeros, which "wg" uses for "no key"; make one with "wg genkey | wg pubkey"',
    })
  }
  const u = number & ((1n << 255n) - 1n)
  if (LOW_ORDER.has(u % P)) {
    const message =
      'this key is a point of low order: anybody could compute the shared secret; make one with "wg genkey | wg pubkey"'
    return err({ kind: 'low-order', message })
  }
  // No private key leads to such an encoding, and it would be a second name for somebody else's key.
  if (number !== u || u >= P) {
    const message = 'this key is not the one spelling of its point that "wg pubkey" prints; copy it again'
    return err({ kind: 'non-canonical-point', message })
  }
  return ok(text)
}

/** The 32 bytes of canonical base64 as a number, first byte lowest, as Curve25519 reads them. */
function littleEndian(text: string): bigint {
  let bits = 0n
  for (const character of text.slice(0, 43)) bits = (bits << 6n) | BigInt(ALPHABET.indexOf(character))
  let bigEndian = bits >> 2n
  let value = 0n
  for (let i = 0; i < 32; i++) {
    value = (value << 8n) | (bigEndian & 0xffn)
    bigEndian >>= 8n
  }
  return value
}
