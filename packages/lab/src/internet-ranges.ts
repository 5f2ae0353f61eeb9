import { lan } from './ipv4.ts'

// RFC 5737 documentation ranges: nobody's addresses. The second is reached through the Internet's router, not its switch.
export const NEAR = lan('203.0.113.0/24')
export const FAR = lan('198.51.100.0/24')
export const ROUTER = 254

/** Which range an address is in, the address with that range's prefix length, and the way out of the range. */
export function rangeOf(address: string) {
  const within = [NEAR, FAR].find((range) => range.has(address))
  if (!within) throw new RangeError(`${address} is neither in ${NEAR.text} nor in ${FAR.text}`)
  return { within, address: `${address}/${within.prefixLength}`, gateway: within.at(ROUTER) }
}
