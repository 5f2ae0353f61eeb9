/**
 * A report as the rows that are kept of it. Times of the node become times of ours: every age is a difference of its own uptimes,
 * taken off the moment at which the report came, so a wrong or stepped clock on the node moves nothing.
 */
import { clockSkewMs } from '@spanwire/mesh/health/clock-status'
import { rate } from '@spanwire/mesh/health/rate'
import { formatEndpoint } from '@spanwire/mesh/ip/endpoint'
import type { JoinedNode } from '@spanwire/mesh/paths/network-input'
import { tunnelPeers } from '@spanwire/mesh/paths/tunnel-peers'
import type { PathRow } from '@spanwire/mesh/protocol/parse-paths'
import type { Report } from '@spanwire/mesh/protocol/parse-report'
import type { WayPeer } from '@spanwire/mesh/protocol/parse-ways'
import type { MachineNode } from './network-rows.ts'
import type { Mirrored } from './read-mirrored.ts'

export type StatusRow = {
  readonly cpu: number | null
  readonly rxRate: number | null
  readonly txRate: number | null
  readonly clockSkewMs: number
}

export type LinkRow = {
  readonly nodeId: string
  readonly peer: JoinedNode
  readonly interfaceName: string
  readonly state: PathRow['state']
  readonly sinceAt: Date | null
  readonly heardAt: Date | null
  readonly handshakeAt: Date | null
  readonly endpoint: string | null
  readonly rttMs: number | null
  readonly sent: number
  readonly lost: number
  readonly rxBytes: number
  readonly txBytes: number
  readonly rxRate: number | null
  readonly txRate: number | null
  /** The largest IP packet that reaches the peer whole outside of the tunnel; null when nothing new is known of it. */
  readonly pathMtu: number | null
  /** When the peer was called last, and when it is next (null: it is being called); of a direct path that is not alive. */
  readonly triedAt: Date | null
  readonly nextTryAt: Date | null
}

/** What the next report is compared with. */
export type Counters = {
  readonly atMs: number
  readonly traffic: { readonly rxBytes: number; readonly txBytes: number } | null
  readonly cpu: Report['cpu']
  readonly links: ReadonlyMap<string, { readonly rxBytes: number; readonly txBytes: number }>
  readonly status: StatusRow
  readonly rates: ReadonlyMap<string, { readonly rxRate: number | null; readonly txRate: number | null }>
}

export type Digest = { readonly status: StatusRow; readonly links: readonly LinkRow[]; readonly counters: Counters }

const keyOf = ({ interfaceName, peer }: Pick<LinkRow, 'interfaceName' | 'peer'>): string =>
  `${interfaceName} ${peer.id}`

/** A woken request may follow within milliseconds; a rate over so little time is noise. */
const SHORTEST_MS = 2_000

export function digestReport(
  network: Mirrored,
  node: MachineNode,
  report: Report,
  at: Date,
  before: Counters | undefined,
): Digest {
  const atMs = report.uptimeSeconds * 1000
  const isTooSoon = before !== undefined && atMs >= before.atMs && atMs - before.atMs < SHORTEST_MS
  const traffic = trafficOf(report, network.settings.interfaceName)
  const per = (count: number | undefined, then: number | undefined) =>
    before === undefined || count === undefined || then === undefined
      ? null
      : rate({ atMs: before.atMs, count: then }, { atMs, count })
  const status: StatusRow = {
    clockSkewMs: clockSkewMs(report.unixSeconds, at.getTime()),
    ...(isTooSoon
      ? { cpu: before.status.cpu, rxRate: before.status.rxRate, txRate: before.status.txRate }
      : {
          cpu: cpuOf(before?.cpu ?? null, report.cpu),
          rxRate: per(traffic?.rxBytes, before?.traffic?.rxBytes),
          txRate: per(traffic?.txBytes, before?.traffic?.txBytes),
        }),
  }
  const links = linksOf(network, node, report, at).map((link) => {
    const key = keyOf(link)
    const then = before?.links.get(key)
    const rates = isTooSoon
      ? (before.rates.get(key) ?? { rxRate: null, txRate: null })
      : { rxRate: per(link.rxBytes, then?.rxBytes), txRate: per(link.txBytes, then?.txBytes) }
    return { ...link, ...rates }
  })
  const counters: Counters = isTooSoon
    ? before
    : {
        atMs,
        traffic,
        cpu: report.cpu,
        links: new Map(links.map((link) => [keyOf(link), { rxBytes: link.rxBytes, txBytes: link.txBytes }])),
        status,
        rates: new Map(links.map((link) => [keyOf(link), { rxRate: link.rxRate, txRate: link.txRate }])),
      }
  return { status, links, counters }
}

/** All interfaces of ours: span0, and with it span0b, span0d and span0g1. */
function trafficOf(report: Report, base: string): { rxBytes: number; txBytes: number } | null {
  const ours = [...report.traffic].filter(([name]) => name.startsWith(base)).map(([, traffic]) => traffic)
  if (ours.length === 0) return null
  const sum = (pick: (traffic: (typeof ours)[number]) => number) => ours.reduce((total, each) => total + pick(each), 0)
  return { rxBytes: sum(({ rxBytes }) => rxBytes), txBytes: sum(({ txBytes }) => txBytes) }
}

/** 0..1 of all processors. */
function cpuOf(before: Report['cpu'], after: Report['cpu']): number | null {
  if (!before || !after || after.total <= before.total) return null
  const idle = (after.idle - before.idle) / (after.total - before.total)
  return Math.min(1, Math.max(0, 1 - idle))
}

/**
 * Of whom the plan has as peers only: a node cannot report tunnels to nodes that are none of its business. The base interface comes as
 * the kernel's views and the path loop's table, the others in the words of the part for paths.
 */
function linksOf(network: Mirrored, node: MachineNode, report: Report, at: Date) {
  const view = report.interfaces.get(network.settings.interfaceName)
  const paths = new Map<string, PathRow | WayPeer>()
  for (const path of report.ways?.peers ?? []) paths.set(`${path.interfaceName} ${path.publicKey}`, path)
  for (const path of report.paths) paths.set(`${path.interfaceName} ${path.publicKey}`, path)
  const underlay = new Map(report.underlay.map((each) => [`${each.interfaceName} ${each.publicKey}`, each.bytes]))
  const ago = (seconds: number) => new Date(at.getTime() - Math.max(0, seconds) * 1000)
  const atUptime = (uptime: number | null | undefined) =>
    uptime === null || uptime === undefined ? null : ago(report.uptimeSeconds - uptime)
  return tunnelPeers(network.plan, node as JoinedNode).flatMap(({ interfaceName, peer, publicKey }) => {
    const isBase = interfaceName === network.settings.interfaceName
    const path = paths.get(`${interfaceName} ${publicKey}`)
    const told = path && 'rxBytes' in path ? path : null
    const isOnInterface = isBase && (view?.transfers.has(publicKey) ?? false)
    if (!path && !isOnInterface) return []
    const handshake = isBase ? (view?.handshakes.get(publicKey) ?? null) : null
    const endpoint = (isBase ? view?.endpoints.get(publicKey) : told?.endpoint) ?? null
    const transfer = isBase ? view?.transfers.get(publicKey) : told
    return {
      nodeId: node.id,
      peer,
      interfaceName,
      state: path?.state ?? ('unknown' as const),
      sinceAt: atUptime(path?.since),
      heardAt: atUptime(path?.heard),
      // By the path loop's own clock where it saw the handshake change; else both times are of the node's wall clock.
      handshakeAt: atUptime(path?.handshakeSeen) ?? (handshake === null ? null : ago(report.unixSeconds - handshake)),
      endpoint: endpoint === null ? null : formatEndpoint(endpoint),
      rttMs: path?.rttMs ?? null,
      sent: path?.sent ?? 0,
      lost: path?.lost ?? 0,
      rxBytes: transfer?.rxBytes ?? 0,
      txBytes: transfer?.txBytes ?? 0,
      pathMtu: underlay.get(`${interfaceName} ${publicKey}`) ?? null,
      ...triesOf(told, report.uptimeSeconds, at),
    }
  })
}

/** Between two tries are 64 minutes at most. Who says more is not believed. */
const LONGEST_WAIT_SECONDS = 65 * 60

function triesOf(told: WayPeer | null, uptime: number, at: Date): Pick<LinkRow, 'triedAt' | 'nextTryAt'> {
  const tries = told?.tries
  const isLikely = tries && tries.last <= uptime && (tries.next ?? 0) - uptime <= LONGEST_WAIT_SECONDS
  if (!isLikely) return { triedAt: null, nextTryAt: null }
  const when = (seconds: number) => new Date(at.getTime() + (seconds - uptime) * 1000)
  return { triedAt: when(tries.last), nextTryAt: tries.next === null ? null : when(tries.next) }
}
