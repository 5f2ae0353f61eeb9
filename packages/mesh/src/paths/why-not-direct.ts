import { inSameLan, mayMeet } from './pair-endpoints.ts'
import { pairKey } from './pair-key.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'

/** Of two without a direct tunnel, in plain words, the first reason that holds: from what cannot be to what was not so far. */
export function whyNotDirect(network: NetworkPlan, from: Seat, to: Seat): string {
  const { topology } = network
  if (topology === 'hub') return 'in a hub the gateways carry everything'
  if (from.role === 'gateway') return `${to.name} has its tunnels to other gateways`
  if (to.role === 'gateway') return `${from.name} has its tunnels to other gateways`
  const [a, b] = [network.ends.get(from.id), network.ends.get(to.id)]
  if (!a || !b) return `${(a ? to : from).name} has not reported a key for direct tunnels yet`
  const isOneSite = a.siteId !== null && a.siteId === b.siteId
  if (topology === 'sites' && !isOneSite)
    return `${from.name} and ${to.name} are in different sites, and this network goes directly inside of a site only`
  if (!mayMeet(a, b)) {
    const hard = [from, to].filter(({ id }) => network.ends.get(id)?.nat === 'hard')
    if (hard.length === 2) return 'both ends are behind NATs that give a new port for each destination'
    if (hard[0]) return `both ends are behind NATs, and ${hard[0].name}'s gives a new port for each destination`
    return inSameLan(a, b)
      ? 'no address is known at which one reaches the other'
      : 'no address is known at which either can be called'
  }
  if (topology === 'mesh' && !isOneSite && !network.wantedPairs.has(pairKey(a.id, b.id)))
    return 'they have hardly talked with each other lately'
  return 'one of them has as many direct tunnels as it may have'
}
