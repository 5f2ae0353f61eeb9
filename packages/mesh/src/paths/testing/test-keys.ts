import { encodeBase64 } from '../../x509/base64.ts'

/** A key in the spelling of `wg pubkey`, another for each number up to 65,535: whose it is does not matter here. */
export function testKey(number: number): string {
  const bytes = new Uint8Array(32).fill(7)
  bytes.set([9, number & 0xff, number >> 8])
  bytes[31] = 1
  return encodeBase64(bytes)
}
