/** What goes wrong in a fleet, so that the console shows what trouble looks like. */
import type { Fleet } from './fleet.ts'
import type { K3sFailure, RequestTrouble } from './k3s.ts'
import type { RulesTrouble } from './rules.ts'
import { pick, seeded } from './seeded.ts'

export type Incident =
  /** The site's way out drops UDP: its tunnels die, its reports come. */
  | { readonly kind: 'site-cut'; readonly site: string }
  /** The same for one machine. */
  | { readonly kind: 'cut'; readonly node: string }
  /** The machine is off. */
  | { readonly kind: 'off'; readonly node: string }
  /** No way to the server; tunnels as they are. */
  | { readonly kind: 'unreachable'; readonly node: string }
  | { readonly kind: 'clock'; readonly node: string; readonly seconds: number }
  /**
   * Packets to the member arrive, those from it do not: to its first gateway, or to `peer`, directly or not. WireGuard ends that by itself
   * within 180 s: then neither do.
   */
  | { readonly kind: 'one-way'; readonly node: string; readonly peer?: string }
  /** Some of the packets are lost, 0..1. */
  | { readonly kind: 'lossy'; readonly node: string; readonly loss: number }
  /** Its link carries packets of so many bytes only: a DSL line, a tunnel below. */
  | { readonly kind: 'narrow'; readonly node: string; readonly bytes: number }
  | { readonly kind: 'disk-full'; readonly node: string }
  | { readonly kind: 'note'; readonly node: string; readonly note: string }
  /** k3s ends, or does not come back from its next start. */
  | { readonly kind: 'k3s'; readonly node: string; readonly failure: K3sFailure; readonly later?: boolean }
  /** What it is asked fails; or, with null, is never answered. */
  | { readonly kind: 'request'; readonly node: string; readonly request: string; readonly trouble: RequestTrouble }
  /** Rules on trial go back at once, or are never said to run. */
  | { readonly kind: 'rules'; readonly node: string; readonly trouble: RulesTrouble }
  /** The certificate of its API ends so soon. */
  | { readonly kind: 'certificate'; readonly node: string; readonly days: number }

export type Strike = { readonly node: string | null; undo(): void }

export function strike(fleet: Fleet, incident: Incident): Strike {
  if (incident.kind === 'site-cut') {
    const tunnels = fleet.membersAt(incident.site).flatMap(({ who }) => fleet.tunnelsOf(who.name))
    const cut = (isCut: boolean) => {
      for (const tunnel of tunnels) for (const end of ['gateway', 'member'] as const) tunnel.way(end, !isCut)
    }
    cut(true)
    return { node: null, undo: () => cut(false) }
  }
  const undo = strikeNode(fleet, incident)
  return { node: incident.node, undo }
}

function strikeNode(fleet: Fleet, incident: Exclude<Incident, { kind: 'site-cut' }>): () => void {
  const node = fleet.nodeOf(incident.node)
  switch (incident.kind) {
    case 'off':
      node.power(false)
      return () => node.power(true)
    case 'unreachable':
      node.reach(false)
      return () => node.reach(true)
    case 'clock':
      node.machine.skewSeconds += incident.seconds
      return () => {
        node.machine.skewSeconds -= incident.seconds
      }
    case 'one-way': {
      const { tunnel, end } = fleet.tunnelTo(incident.node, incident.peer ?? fleet.gateway.who.name)
      tunnel.way(end, false)
      return () => tunnel.way(end, true)
    }
    case 'cut': {
      const tunnels = fleet.tunnelsOf(incident.node)
      const cut = (isCut: boolean) => {
        for (const tunnel of tunnels) for (const end of ['gateway', 'member'] as const) tunnel.way(end, !isCut)
      }
      cut(true)
      return () => cut(false)
    }
    case 'lossy':
      fleet.tunnelOf(incident.node).lossy(incident.loss)
      return () => fleet.tunnelOf(incident.node).lossy(0)
    case 'narrow':
      node.machine.underlay = incident.bytes
      return () => {
        node.machine.underlay = 1500
      }
    case 'disk-full':
      node.machine.diskFill = 0.97
      return () => {
        node.machine.diskFill = 0
      }
    case 'k3s':
      node.k3s.breaks(incident.failure, { later: incident.later })
      return () => node.k3s.breaks(null)
    case 'request':
      node.k3s.refuses(incident.request, incident.trouble)
      return () => node.k3s.refuses(incident.request, undefined)
    case 'rules':
      node.rules.breaks(incident.trouble)
      return () => node.rules.breaks(null)
    case 'certificate': {
      const before = node.k3s.certificateDays
      node.k3s.certificateDays = incident.days
      return () => {
        node.k3s.certificateDays = before
      }
    }
    case 'note':
      node.note(incident.note)
      return () => node.note(null)
  }
}

/** One line of the play: it begins so many seconds in, and lasts so long; forever without `lasts`. */
export type Scene = { readonly at: number; readonly lasts?: number; readonly incident: Incident }

/** A play for a fleet of some size: a few things that are wrong from the beginning, and a round of troubles that come and go. */
export function scenesFor(fleet: Fleet, seed: string): { standing: Scene[]; round: Scene[]; roundSeconds: number } {
  const random = seeded(seed, 'incidents')
  const members = fleet.nodes.filter(({ who }) => who.role === 'member').map(({ who }) => who.name)
  const taken = new Set<string>()
  const someone = (): string => {
    const free = members.filter((name) => !taken.has(name))
    const name = pick(free.length > 0 ? free : members, random)
    taken.add(name)
    return name
  }
  const away = fleet.sites.slice(1).filter((site) => fleet.membersAt(site).length > 1)
  const site = away.length > 0 ? pick(away, random) : null
  const few = Math.max(1, Math.round(members.length / 400))
  const times = (count: number, make: () => Incident): Scene[] =>
    Array.from({ length: count }, () => ({ at: 25, incident: make() }))
  return {
    standing: [
      ...times(few, () => ({ kind: 'off', node: someone() })),
      ...times(1, () => ({ kind: 'unreachable', node: someone() })),
      ...times(few, () => ({ kind: 'clock', node: someone(), seconds: -Math.round(40 + 200 * random()) })),
      ...times(2 * few, () => ({ kind: 'lossy', node: someone(), loss: 0.05 + 0.25 * random() })),
      ...times(1, () => ({ kind: 'disk-full', node: someone() })),
      ...times(few, () => ({
        kind: 'note',
        node: someone(),
        note: 'host-firewall INPUT (iptables): -A INPUT -j REJECT --reject-with icmp-host-prohibited',
      })),
    ],
    round: [
      { at: 40, lasts: 150, incident: { kind: 'one-way', node: someone() } },
      ...(site === null ? [] : [{ at: 90, lasts: 100, incident: { kind: 'site-cut', site } as const }]),
      { at: 240, lasts: 120, incident: { kind: 'off', node: someone() } },
      { at: 300, lasts: 150, incident: { kind: 'one-way', node: someone() } },
      { at: 380, lasts: 140, incident: { kind: 'unreachable', node: someone() } },
    ],
    roundSeconds: 600,
  }
}

const DISK_FULL = {
  step: 'k3s-installed',
  code: 'service-failed',
  text: 'level=fatal msg="Error: failed to create /var/lib/rancher/k3s/data: no space left on device"',
}

/** Plays the scenes, round after round, until the returned function is called. */
export function play(fleet: Fleet, seed: string): () => void {
  const { standing, round, roundSeconds } = scenesFor(fleet, seed)
  const timers = new Set<NodeJS.Timeout>()
  const later = (seconds: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, seconds * 1000)
    timers.add(timer)
  }
  // A machine that goes off before its tunnel was ever seen would not be a member yet.
  for (const [i, { at, incident }] of standing.entries()) later(at, () => fleet.strike(`standing ${i}`, incident))
  // Those that have joined the cluster by then: one that is NotReady for its tunnel, one for its own k3s.
  later(120, () => {
    const agents = fleet.nodes.slice(1).filter(({ k3s }) => k3s.speaks() && !k3s.isServer)
    const [cut, ill] = [agents.at(1), agents.at(-1)]
    if (!cut || !ill || cut === ill) return
    fleet.strike('standing cut', { kind: 'cut', node: cut.who.name })
    fleet.strike('standing k3s', { kind: 'k3s', node: ill.who.name, failure: DISK_FULL })
  })
  const begin = () => {
    for (const [i, { at, lasts = roundSeconds - at, incident }] of round.entries()) {
      later(at, () => fleet.strike(`round ${i}`, incident))
      later(at + lasts, () => fleet.undo(`round ${i}`))
    }
    later(roundSeconds, begin)
  }
  begin()
  return () => {
    for (const timer of timers) clearTimeout(timer)
  }
}
