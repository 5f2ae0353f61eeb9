import { invariant } from '../invariant.ts'
import type { Prefix } from './prefix.ts'

/** A /48 of unique local addresses (RFC 4193 3.1): fd, then 40 bits that the caller's randomness gives. */
export function proposeUla(random: Uint8Array): Prefix {
  invariant(random.length >= 5, 'a ULA takes 5 random bytes')
  let base = 0xfdn
  for (const byte of random.subarray(0, 5)) base = (base << 8n) | BigInt(byte)
  return { family: 6, base: base << 80n, length: 48 }
}
