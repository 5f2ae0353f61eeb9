/** Why two nodes have no direct tunnel, in plain words. Null where they have one: whether it carries is measured. */

import type { DirectEnd } from './direct-end.ts'
import { directPeersOf } from './direct-pairs.ts'
import { mayMeet } from './pair-endpoints.ts'
import { hasDirect } from './pair-way.ts'
import type { NetworkPlan } from './plan.ts'

export type WhyNotDirect = {
  readonly code: 'gateway' | 'hub' | 'other-sites' | 'no-key' | 'hard-nat' | 'not-seen' | 'quiet' | 'cap'
  readonly text: string
}

export function whyNotDirect(network: NetworkPlan, from: string, to: string, cap: number): WhyNotDirect | null {
  const [a, b] = [network.seats.get(from), network.seats.get(to)]
  if (!a || !b || hasDirect(network, from, to)) return null
  const gateway = [a, b].find(({ slots }) => slots === null)
  if (gateway)
    return { code: 'gateway', text: `${gateway.name} is a gateway, which is reached by the tunnels to gateways` }
  if (network.topology === 'hub') return { code: 'hub', text: 'the network is a hub: gateways carry everything' }
  const [endA, endB] = [network.ends.get(from), network.ends.get(to)]
  if (!endA || !endB) {
    const name = endA ? b.name : a.name
    return { code: 'no-key', text: `${name} has not said the key of its interface for direct paths yet` }
  }
  const isSameSite = endA.siteId !== null && endA.siteId === endB.siteId
  if (network.topology === 'sites' && !isSameSite) {
    return { code: 'other-sites', text: 'they are at different sites, and only those of one site are direct here' }
  }
  if (!mayMeet(endA, endB)) return { ...cannotMeet({ name: a.name, end: endA }, { name: b.name, end: endB }) }
  const full = [a, b].find(({ id }) => isFull(network, id, cap))
  if (full) return { code: 'cap', text: `${full.name} has as many direct paths as it may have` }
  return { code: 'quiet', text: 'they do not talk with each other, or have not for half an hour' }
}

type Named = { readonly name: string; readonly end: DirectEnd }

function cannotMeet(a: Named, b: Named): WhyNotDirect {
  const hard = [a, b].filter(({ end }) => end.nat === 'hard')
  const [first, second] = hard
  if (first && second) {
    return { code: 'hard-nat', text: `both ends are behind NATs that give a new port for each destination` }
  }
  if (first) {
    return {
      code: 'hard-nat',
      text: `both ends are behind NATs, and that of ${first.name} gives a new port for each destination`,
    }
  }
  const unseen = [a, b].filter(({ end }) => end.observed.length === 0 && end.declared === null).map(({ name }) => name)
  return { code: 'not-seen', text: `no gateway has seen yet where ${unseen.join(' and ') || a.name} can be called` }
}

function isFull(network: NetworkPlan, id: string, cap: number): boolean {
  const end = network.ends.get(id)
  return end !== undefined && directPeersOf(network.directPairs, end).length >= cap
}
