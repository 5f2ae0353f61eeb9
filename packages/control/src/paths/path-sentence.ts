/** How two nodes reach each other and why, as one sentence for whoever is awake at 3 a.m. */
import { humanAge } from '@spanwire/mesh/health/human-age'
import { hasDirect } from '@spanwire/mesh/paths/pair-way'
import type { MeasuredWay } from './measure-way.ts'
import type { PathWorld } from './read-path-world.ts'

export function pathSentence(
  world: PathWorld,
  from: string,
  to: string,
  { kind, way }: MeasuredWay,
  why: string | null,
): string {
  const name = (id: string) => world.network.nodes.get(id)?.name ?? id
  switch (kind) {
    case 'none':
      return `${
        [from, to]
          .filter((id) => !world.network.seats.has(id))
          .map(name)
          .join(' and ') || name(from)
      } has no tunnels: it is paused, or kept out`
    case 'unreachable': {
      const at = way.kind === 'unreachable' ? way.at : from
      const target = name(at === to ? from : to)
      return `there is no way: ${name(at)} has none that lives and leads on to ${target}`
    }
    case 'lan':
      return 'directly, inside of their LAN'
    case 'direct':
      return `directly, ${name(to)} at ${endpointSeen(world, from, to) ?? 'an address that its end keeps to itself'}`
    case 'gateway':
      return `by the tunnel between ${name(from)} and ${name(to)}`
    case 'relayed': {
      const gateways = way.hops.slice(0, -1).map((hop) => name(hop.to))
      return `through ${gateways.join(' and ')}: ${why ?? deadDirect(world, from, to)}`
    }
  }
}

function endpointSeen(world: PathWorld, from: string, to: string): string | null {
  const tunnel = world.tunnel(from, to)
  return (tunnel?.a === from ? tunnel.aSees : tunnel?.bSees)?.endpoint ?? null
}

/** A direct tunnel is planned, and packets do not go by it. */
function deadDirect(world: PathWorld, from: string, to: string): string {
  if (!hasDirect(world.network, from, to)) return 'no direct path is planned'
  const { judged } = world.tunnel(from, to) ?? {}
  if (!judged || judged.status === 'unknown') return 'a direct path is being tried'
  if (judged.status === 'up') return 'the direct path lives, and is gone back to when it has been well for 30 s'
  if (judged.status === 'one-way') return `the direct path is one-way: ${judged.reason}`
  if (judged.status === 'stale') return 'nobody has reported the direct path lately'
  const since = judged.sinceAt === null ? '' : ` for ${humanAge(Math.max(0, world.now - judged.sinceAt))}`
  return `the direct path has been dead${since}`
}
