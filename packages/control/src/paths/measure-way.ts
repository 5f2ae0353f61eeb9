/** A way between two nodes with what is measured on it. */
import { type PathStatus, pathStatus } from '@spanwire/mesh/health/path-status'
import { inSameLan } from '@spanwire/mesh/paths/pair-endpoints'
import { type PairWay, pairWay } from '@spanwire/mesh/paths/pair-way'
import type { PathKind } from '@spanwire/mesh/paths/path-kind'
import { lossOf, provenAt, type Tunnel } from '../node/merge-links.ts'
import type { PathWorld } from './read-path-world.ts'

export type MeasuredWay = PathStatus & { readonly kind: PathKind; readonly way: PairWay }

export function measureWay(world: PathWorld, from: string, to: string): MeasuredWay {
  const way = pairWay(world.network, from, to, world.said)
  if (way.kind === 'none') return { kind: 'none', way, ...NOTHING }
  const status = pathStatus(way.hops.map((hop) => measured(world.tunnel(hop.from, hop.to))))
  if (way.kind === 'unreachable') {
    // The tunnel that is missing, where there was one.
    const last = world.tunnel(way.at, to)
    const { evidenceAt } = last
      ? pathStatus([...way.hops.map((hop) => measured(world.tunnel(hop.from, hop.to))), measured(last)])
      : NOTHING
    return { kind: 'unreachable', way, ...NOTHING, status: 'down', evidenceAt }
  }
  return { kind: way.kind === 'direct' && isInLan(world, from, to) ? 'lan' : way.kind, way, ...status }
}

const NOTHING: PathStatus = { status: 'unknown', evidenceAt: null, rttMs: null, loss: null }

function measured(tunnel: Tunnel | null) {
  if (!tunnel) return null
  const losses = [tunnel.aSees, tunnel.bSees].flatMap((link) => (link ? (lossOf(link) ?? []) : []))
  return { ...tunnel.judged, evidenceAt: provenAt(tunnel), loss: losses.length === 0 ? null : Math.max(...losses) }
}

/** By where its packets come from: an address of the other's own LAN. */
function isInLan({ network, tunnel }: PathWorld, from: string, to: string): boolean {
  const found = tunnel(from, to)
  const [a, b] = [network.ends.get(from), network.ends.get(to)]
  const isOneLan = a !== undefined && b !== undefined && inSameLan(a, b)
  const ends = [
    [found?.aSees?.endpoint, found?.b],
    [found?.bSees?.endpoint, found?.a],
  ] as const
  return ends.some(([endpoint, id]) => {
    const host = endpoint?.replace(/:[0-9]+$/, '').replace(/^\[(.*)\]$/, '$1')
    const lan = (id && network.nodes.get(id)?.lanAddresses) || []
    // A global address of IPv6 is its own wherever it is called from.
    return host !== undefined && lan.includes(host) && (!/^[23][0-9a-f]{3}:/.test(host) || isOneLan)
  })
}
