import type { Address } from './address.ts'
import { contains, type Prefix } from './prefix.ts'

const PRIVATE: readonly Prefix[] = [
  { family: 4, base: 0x0a00_0000n, length: 8 }, // RFC 1918
  { family: 4, base: 0xac10_0000n, length: 12 }, // RFC 1918
  { family: 4, base: 0xc0a8_0000n, length: 16 }, // RFC 1918
  { family: 4, base: 0x6440_0000n, length: 10 }, // RFC 6598, carrier-grade NAT; Tailscale too
  { family: 4, base: 0xa9fe_0000n, length: 16 }, // RFC 3927, link-local
  { family: 4, base: 0x7f00_0000n, length: 8 }, // RFC 1122, loopback
  { family: 6, base: 0xfc00n << 112n, length: 7 }, // RFC 4193, unique local
  { family: 6, base: 0xfe80n << 112n, length: 10 }, // RFC 4291, link-local
  { family: 6, base: 1n, length: 128 }, // RFC 4291, loopback
]

/** Whether nobody on the public Internet can be at this address. An IPv4-mapped IPv6 address is judged as its IPv4 one. */
export function isPrivate(address: Address): boolean {
  const mapped = address.family === 6 && address.value >> 32n === 0xffffn
  const judged: Address = mapped ? { family: 4, value: address.value & 0xffff_ffffn } : address
  return PRIVATE.some((range) => contains(range, judged))
}
