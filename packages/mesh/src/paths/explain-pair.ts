/** How two nodes reach each other and why, as one sentence for whoever is awake at 3 a.m., from the plan and what nodes last said. */
import { humanAge } from '../health/human-age.ts'
import type { TunnelStatus } from '../health/tunnel-status.ts'
import { type SaidTry, tryPhase } from './direct-try.ts'
import { hasDirect, type PairWay } from './pair-way.ts'
import type { PathKind } from './path-kind.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'
import { whyNotDirect } from './why-not-direct.ts'

export type PairEvidence = {
  /** Of the worse direction. */
  readonly kind: PathKind
  readonly way: PairWay
  /** The first tunnel on the way that carries nothing, and why; null where all of them do, or nobody knows. */
  readonly cut: { readonly from: string; readonly to: string; readonly reason: string } | null
  /** Of the tunnel between the two; null when nobody has reported it. */
  readonly direct: TunnelStatus | null
  /** Where the first sees the packets of the second come from. */
  readonly endpoint: string | null
  /** When the direct tunnel, dead now, was last tried and is next, as its node says; null when it does not. */
  readonly tries: SaidTry | null
  readonly now: number
}

export type PairExplanation = {
  readonly text: string
  /** Why it is not direct; null where it is, or a direct tunnel is planned. */
  readonly why: string | null
}

export function explainPair(network: NetworkPlan, from: string, to: string, evidence: PairEvidence): PairExplanation {
  const [a, b] = [network.seats.get(from), network.seats.get(to)]
  const isPlanned = evidence.kind === 'lan' || evidence.kind === 'direct' || hasDirect(network, from, to)
  const why = !a || !b || isPlanned || haveTunnel(a, b) ? null : whyNotDirect(network, a, b)
  const text = sentence(network, from, to, evidence, why)
  return { text: evidence.cut === null ? text : `${dead(network, evidence.cut)}. It goes ${text}`, why }
}

/** The worst first: which tunnel it is, before why the way is what it is. */
function dead(network: NetworkPlan, { from, to, reason }: NonNullable<PairEvidence['cut']>): string {
  const name = (id: string) => network.nodes.get(id)?.name ?? id
  return `nothing gets through between ${name(from)} and ${name(to)}: ${reason}`
}

function sentence(network: NetworkPlan, from: string, to: string, evidence: PairEvidence, why: string | null): string {
  const name = (id: string) => network.nodes.get(id)?.name ?? id
  const { kind, way } = evidence
  switch (kind) {
    case 'none': {
      const idle = [from, to].filter((id) => !network.seats.has(id)).map(name)
      return `${idle.join(' and ') || name(from)} has no tunnels: it is paused, or kept out`
    }
    case 'unreachable': {
      const at = way.kind === 'unreachable' ? way.at : from
      return `there is no way: ${name(at)} has none that lives and leads on to ${name(at === to ? from : to)}`
    }
    case 'lan':
      return 'directly, inside of their LAN'
    case 'direct':
      return `directly, ${name(to)} at ${evidence.endpoint ?? 'an address that its end keeps to itself'}`
    case 'gateway':
      return `by the tunnel between ${name(from)} and ${name(to)}`
    case 'relayed': {
      const gateways = way.hops.slice(0, -1).map((hop) => name(hop.to))
      const [a, b] = [network.seats.get(from), network.seats.get(to)]
      const because =
        a && b && haveTunnel(a, b) ? deadTunnel(`${a.name} and ${b.name}`, evidence) : deadDirect(evidence)
      return `through ${gateways.join(' and ')}: ${why ?? because}`
    }
  }
}

/** A gateway, and who is carried by it; or two gateways. */
function haveTunnel(a: Seat, b: Seat): boolean {
  if (a.number !== null && b.number !== null) return true
  const has = ({ slots }: Seat, { id }: Seat) => slots !== null && (slots.a === id || slots.b === id)
  return has(a, b) || has(b, a)
}

/** They have a tunnel of their own, and packets do not go by it. */
function deadTunnel(ends: string, { direct }: PairEvidence): string {
  const tunnel = `the tunnel between ${ends}`
  if (!direct || direct.status === 'unknown' || direct.status === 'stale') return `nobody has reported ${tunnel} lately`
  if (direct.status === 'up') return `${tunnel} lives, and is gone back to when it has been well for 30 s`
  return `${tunnel} ${direct.status === 'one-way' ? 'goes one way' : 'is dead'}: ${direct.reason}`
}

/** A direct tunnel is planned, and packets do not go by it. */
function deadDirect({ direct, tries, now }: PairEvidence): string {
  if (!direct || direct.status === 'unknown') return 'a direct path is being tried'
  if (direct.status === 'up') return 'the direct path lives, and is gone back to when it has been well for 30 s'
  if (direct.status === 'one-way') return `the direct path is one-way: ${direct.reason}`
  if (direct.status === 'stale') return 'nobody has reported the direct path lately'
  const since = direct.sinceAt === null ? '' : ` for ${humanAge(Math.max(0, now - direct.sinceAt))}`
  return `the direct path has been dead${since}${tries === null ? '' : `; ${tried(tries, now)} UTC`}`
}

function tried(said: SaidTry, now: number): string {
  const found = tryPhase(said, now)
  if (found.phase === 'waits') return `last tried ${clock(found.last)}, next ${clock(found.next)}`
  return `${found.phase === 'trying' ? 'being tried since' : 'last tried'} ${clock(found.since)}`
}

/** `14:02`: the tries of both ends meet at full minutes. */
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16)
