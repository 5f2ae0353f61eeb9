/**
 * Where a node may be called directly, best first:
 *
 *   in its LAN, when both are in one            what lies nearest to the caller
 *   where its operator says                     declared
 *   at global IPv6 addresses of its own         when the caller has one too: no NAT stands there, only filters, and calls from both ends
 *                                               open those; a hard NAT of IPv4 hinders nobody who has one
 *   where gateways see it                       unless its NAT is hard
 *
 * Nothing of a family that the caller has no address of. What lies inside of the overlay, of pods or of services is no part of an end
 * (direct-end.ts): it would send the tunnel into itself.
 */
import { type Address, bitsOf, compareAddresses, formatAddress, sameAddress } from '../ip/address.ts'
import { type Endpoint, formatEndpoint, type NumericEndpoint } from '../ip/endpoint.ts'
import { isPrivate } from '../ip/is-private.ts'
import type { DirectEnd } from './direct-end.ts'

export type Candidate = { readonly kind: 'lan' | 'declared' | 'observed'; readonly endpoint: Endpoint }

/** Each costs 15 s before the next one is tried. */
const MOST_LAN = 4
const MOST_GLOBAL = 2
const MOST_OBSERVED = 3

/** Of `to`, for `from`. */
export function pairEndpoints(from: DirectEnd, to: DirectEnd): readonly Candidate[] {
  const all: Candidate[] = []
  if (to.port !== null && inSameLan(from, to)) {
    // An address that both have is a bridge of a container runtime, and calls ourselves.
    const lan = to.lan.filter((address) => speaks(from, address) && !hasAddress(from, address))
    const near = [...lan].sort((a, b) => closeness(b, from.lan) - closeness(a, from.lan) || compareAddresses(a, b))
    const { port } = to
    for (const address of near.slice(0, MOST_LAN))
      all.push({ kind: 'lan', endpoint: { kind: 'address', address, port } })
  }
  if (to.declared) all.push({ kind: 'declared', endpoint: to.declared })
  for (const address of globalFor(from, to).slice(0, MOST_GLOBAL))
    all.push({ kind: 'lan', endpoint: { kind: 'address', address, port: to.port ?? 0 } })
  const observed = seenFor(from, to)
  for (const endpoint of observed.slice(0, MOST_OBSERVED))
    all.push({ kind: 'observed', endpoint: { kind: 'address', ...endpoint } })
  const seen = new Set<string>()
  return all.filter(({ endpoint }) => {
    const text = formatEndpoint(endpoint)
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

/** Of one site, or behind one public address. */
export function inSameLan(a: DirectEnd, b: DirectEnd): boolean {
  if (a.siteId !== null && a.siteId === b.siteId) return true
  return a.publicAddresses.some((address) => b.publicAddresses.includes(address))
}

/** Whether it is worth a try: someone can be called, and no NAT that gives a new port for each peer is in the way. */
export function mayMeet(a: DirectEnd, b: DirectEnd): boolean {
  const isNear = inSameLan(a, b)
  if (isNear && (hasLanFor(a, b) || hasLanFor(b, a))) return true
  if (globalFor(a, b).length > 0 && globalFor(b, a).length > 0) return true
  if (a.nat !== 'open' && b.nat !== 'open' && (a.nat === 'hard' || b.nat === 'hard')) return false
  return isCallable(a, b) || isCallable(b, a)
}

const hasLanFor = (from: DirectEnd, to: DirectEnd): boolean =>
  to.port !== null && to.lan.some((address) => speaks(from, address) && !hasAddress(from, address))

const isCallable = (from: DirectEnd, to: DirectEnd): boolean => to.declared !== null || seenFor(from, to).length > 0

/** A NAT that gives a new port for each peer has none for us yet. */
const seenFor = (from: DirectEnd, to: DirectEnd): readonly NumericEndpoint[] =>
  to.nat === 'hard' ? [] : to.observed.filter(({ address }) => speaks(from, address) && !hasAddress(from, address))

/** By a pair that both have one: from elsewhere nobody gets there. */
const globalFor = (from: DirectEnd, to: DirectEnd): readonly Address[] =>
  to.port === null || !from.lan.some(isGlobal6)
    ? []
    : to.lan.filter((address) => isGlobal6(address) && !hasAddress(from, address))

/** 2000::/3, all that is given out (RFC 4291). */
const isGlobal6 = ({ family, value }: Address): boolean => family === 6 && value >> 125n === 1n

/** A machine that told no address of its own may have any. */
const speaks = ({ lan }: DirectEnd, { family }: Address): boolean =>
  lan.length === 0 || lan.some((own) => own.family === family)

const hasAddress = ({ lan }: DirectEnd, address: Address): boolean => lan.some((own) => sameAddress(own, address))

export const publicAddressesOf = (observed: readonly { readonly address: Address }[]): readonly string[] => [
  ...new Set(observed.filter(({ address }) => !isPrivate(address)).map(({ address }) => formatAddress(address))),
]

/** How many leading bits it shares with the nearest of these: machines of one LAN share most. */
function closeness(address: Address, others: readonly Address[]): number {
  let best = -1
  for (const other of others) {
    if (other.family !== address.family) continue
    const differs = address.value ^ other.value
    best = Math.max(best, bitsOf(address.family) - (differs === 0n ? 0 : differs.toString(2).length))
  }
  return best
}
