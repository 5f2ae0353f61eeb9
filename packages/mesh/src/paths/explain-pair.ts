/**
 * Why a node reaches another the way it does, in plain words, from the plan and what nodes last said. Of one direction: the other end
 * chooses for itself.
 */
import { formatAddress } from '../ip/address.ts'
import { parseEndpoint } from '../ip/endpoint.ts'
import { type CarriedWay, carriedWay } from './carried-way.ts'
import { directPeersOf } from './direct-pairs.ts'
import { directName } from './interface-names.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'
import { whyNotDirect } from './why-not-direct.ts'

export type PairEvidence = {
  /** The node's last fresh word of its tunnel to a peer; null when there is none. */
  readonly isAlive: (atId: string, interfaceName: string, peerId: string) => boolean | null
  /** Where `from` has the direct tunnel's other end, `192.168.1.20:41641`. */
  readonly endpoint: string | null
  /** When the direct tunnel was last alive, and last and next tried, in ms; null when that is not known. */
  readonly lastDirectAt: number | null
  readonly lastTriedAt: number | null
  readonly nextTryAt: number | null
}

export type PairExplanation = {
  readonly kind: 'lan' | 'direct' | 'relayed' | 'unreachable' | 'unknown'
  /** Names of the gateways in between, in order. */
  readonly via: readonly string[]
  /** `through gw-fra: …`, without times: those are the caller's to write. */
  readonly reason: string
  /** Whether something on the way is down. */
  readonly isDetour: boolean
  /** Of the direct tunnel, when there is one to try. */
  readonly lastTriedAt: number | null
  readonly nextTryAt: number | null
}

/** Null for a node and itself, and for who is not at work. */
export function explainPair(
  network: NetworkPlan,
  fromId: string,
  toId: string,
  evidence: PairEvidence,
): PairExplanation | null {
  const [from, to] = [network.seats.get(fromId), network.seats.get(toId)]
  if (!from || !to || from === to) return null
  const isPair = hasDirectTunnel(network, from, to)
  if (isPair && evidence.isAlive(from.id, directName(network.settings.interfaceName), to.id))
    return directly(network, from, to, evidence)
  const tries = isPair ? { lastTriedAt: evidence.lastTriedAt, nextTryAt: evidence.nextTryAt } : NEVER
  const silent = new Set<string>()
  const way = carriedWay(network, from, to, (at, name, peer) => {
    const isAlive = evidence.isAlive(at, name, peer)
    if (isAlive === null)
      silent.add(`${nameOf(network, at)} has said nothing of its tunnel to ${nameOf(network, peer)}`)
    return isAlive !== false
  })
  return { ...carried(network, from, to, way, silent, evidence), ...tries }
}

const NEVER = { lastTriedAt: null, nextTryAt: null }

function hasDirectTunnel(network: NetworkPlan, from: Seat, to: Seat): boolean {
  const [a, b] = [network.ends.get(from.id), network.ends.get(to.id)]
  return a !== undefined && b !== undefined && directPeersOf(network.directPairs, a).includes(b)
}

function directly(network: NetworkPlan, from: Seat, to: Seat, { endpoint }: PairEvidence): PairExplanation {
  const parsed = endpoint === null ? null : parseEndpoint(endpoint)
  const host = parsed?.ok && parsed.value.kind === 'address' ? formatAddress(parsed.value.address) : null
  const isLan = network.ends.get(to.id)?.lan.some((address) => formatAddress(address) === host) ?? false
  const both = `${from.name} and ${to.name}`
  return {
    kind: isLan ? 'lan' : 'direct',
    via: [],
    reason: isLan ? `${both} reach each other by addresses of one LAN` : `${both} call each other without a gateway`,
    isDetour: false,
    ...NEVER,
  }
}

function carried(
  network: NetworkPlan,
  from: Seat,
  to: Seat,
  way: CarriedWay,
  silent: ReadonlySet<string>,
  { lastDirectAt }: PairEvidence,
): Omit<PairExplanation, keyof typeof NEVER> {
  const via = way.via.map((id) => nameOf(network, id))
  const down = way.dead.map(
    ({ atId, peerId }) => `${nameOf(network, atId)}'s tunnel to ${nameOf(network, peerId)} is down`,
  )
  const isDetour = down.length > 0
  if (!way.arrives)
    return { kind: 'unreachable', via: [], reason: down.join(', ') || 'no gateway is at work', isDetour: true }
  const path = via.length === 0 ? 'by the tunnel between them' : `through ${via.join(' and ')}`
  const [doubt] = silent
  if (doubt !== undefined) return { kind: 'unknown', via, reason: `${path} by the plan, but ${doubt}`, isDetour }
  const why =
    via.length === 0
      ? `${(from.slots ? to : from).name} is a gateway`
      : whyNotDirect(network, from, to, lastDirectAt !== null)
  const reason = `${path}: ${[why, ...down].join('; ')}`
  return { kind: via.length === 0 ? 'direct' : 'relayed', via, reason, isDetour }
}

const nameOf = (network: NetworkPlan, id: string): string => network.nodes.get(id)?.name ?? id
