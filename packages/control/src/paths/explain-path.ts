import { EVIDENCE_FRESH_MS } from '@spanwire/mesh/health/tunnel-status'
import { formatEndpoint } from '@spanwire/mesh/ip/endpoint'
import { directPeersOf } from '@spanwire/mesh/paths/direct-pairs'
import { roundMs } from '@spanwire/mesh/paths/direct-try'
import { explainPair, type PairEvidence } from '@spanwire/mesh/paths/explain-pair'
import { pairEndpoints } from '@spanwire/mesh/paths/pair-endpoints'
import { hasDirect } from '@spanwire/mesh/paths/pair-way'
import { PATH_KINDS } from '@spanwire/mesh/paths/path-kind'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { LinkStatus } from '../node/link-view.ts'
import { lossOf, provenAt } from '../node/merge-links.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { type MeasuredWay, measureWay } from './measure-way.ts'
import { PathChangeRow, readChanges, toChangeRow } from './path-change.ts'
import { type PathWorld, readPathWorld } from './read-path-world.ts'

export const ExplainPath = z.object({ network: z.uuid(), fromId: z.uuid(), toId: z.uuid() })

const End = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['gateway', 'member']),
  /** what is between it and the world; null where nobody has to know */
  nat: z.enum(['open', 'easy', 'hard', 'unknown']).nullable(),
})

export const PathDirection = z
  .object({
    kind: z.enum(PATH_KINDS),
    status: LinkStatus,
    rttMs: z.number().nullable(),
    loss: z.number().nullable(),
    /** when it was last proven to carry: the oldest proof of its tunnels */
    evidenceAt: z.string().nullable(),
    /** since when it is so, where the node said so */
    sinceAt: z.string().nullable(),
    hops: z.array(
      z.object({
        fromId: z.string(),
        fromName: z.string(),
        toId: z.string(),
        toName: z.string(),
        interfaceName: z.string(),
        status: LinkStatus,
        text: z.string(),
        rttMs: z.number().nullable(),
        loss: z.number().nullable(),
        evidenceAt: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'PathDirection' })

export const ExplainPathOutput = z.object({
  from: End,
  to: End,
  /** of the worse direction, in one sentence */
  kind: z.enum(PATH_KINDS),
  status: LinkStatus,
  text: z.string(),
  there: PathDirection,
  back: PathDirection,
  /** why it is not direct; null where it is, or a direct tunnel is planned */
  why: z.string().nullable(),
  /**
   * of a direct path that is planned and not alive: when it was tried last and is next (null: it was being tried), by its node's last word,
   * and how long a try takes
   */
  tries: z.object({ lastAt: z.string(), nextAt: z.string().nullable(), roundMs: z.number() }).nullable(),
  /** packets go this way and not back: each end said what it hears */
  oneWay: z.array(z.object({ fromName: z.string(), toName: z.string(), text: z.string() })),
  /** where the second is called by the first, in the order to try */
  endpoints: z.array(z.object({ kind: z.enum(['lan', 'declared', 'observed']), endpoint: z.string() })),
  history: z.array(PathChangeRow),
})

/** Why one node reaches another the way it does. */
export async function explainPath(
  ctx: Context,
  input: z.infer<typeof ExplainPath>,
): Promise<z.infer<typeof ExplainPathOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const world = await readPathWorld(ctx, organizationId, input.network)
  const { network } = world
  const [from, to] = [network.nodes.get(input.fromId), network.nodes.get(input.toId)]
  if (!from || !to) throw new Refusal('NOT_FOUND', 'There is no such node in this network.')
  if (from === to) {
    throw new Refusal('BAD_REQUEST', `${from.name} reaches itself without a tunnel.`, {
      field: 'toId',
      fix: 'Choose two different nodes.',
    })
  }
  const [there, back] = [measureWay(world, from.id, to.id), measureWay(world, to.id, from.id)]
  const worse = PATH_KINDS.indexOf(back.kind) > PATH_KINDS.indexOf(there.kind) ? back : there
  const tunnel = world.tunnel(from.id, to.id)
  const tries = triesOf(world, from.id, to.id)
  const { text, why } = explainPair(network, from.id, to.id, {
    kind: worse.kind,
    way: worse.way,
    cut: cutOf(world, worse),
    direct: tunnel?.judged ?? null,
    tries,
    now: world.now,
    endpoint: (tunnel?.a === from.id ? tunnel.aSees : tunnel?.bSees)?.endpoint ?? null,
  })
  const changes = await readChanges(ctx, input.network, { pair: [from.id, to.id], before: null, limit: 20 })
  return {
    from: endOf(world, from.id),
    to: endOf(world, to.id),
    kind: worse.kind,
    status: worse.status,
    text,
    there: directionOf(world, from.id, to.id, there),
    back: directionOf(world, to.id, from.id, back),
    why,
    tries: tries && { lastAt: new Date(tries.last).toISOString(), nextAt: iso(tries.next), roundMs: tries.roundMs },
    oneWay: oneWayOf(world, from.id, to.id, [there, back]),
    endpoints: endpointsOf(world, from.id, to.id),
    history: changes.map((change) => toChangeRow(network, change)),
  }
}

function cutOf(world: PathWorld, { kind, way }: MeasuredWay): PairEvidence['cut'] {
  if (kind === 'unreachable' || kind === 'none') return null
  for (const { from, to } of way.hops) {
    const judged = world.tunnel(from, to)?.judged
    if (judged?.status === 'down') return { from, to, reason: judged.reason }
  }
  return null
}

function endOf({ network }: PathWorld, id: string): z.infer<typeof End> {
  const node = network.nodes.get(id)
  return { id, name: node?.name ?? id, role: node?.role ?? 'member', nat: network.ends.get(id)?.nat ?? null }
}

function directionOf(world: PathWorld, from: string, to: string, way: MeasuredWay): z.infer<typeof PathDirection> {
  const name = (id: string) => world.network.nodes.get(id)?.name ?? id
  // Where it ends, if it does not arrive.
  const at = way.way.kind === 'unreachable' ? way.way.at : from
  const state = world.states.get(at + to) ?? world.states.get(at + at)
  return {
    kind: way.kind,
    status: way.status,
    rttMs: way.rttMs,
    loss: way.loss,
    evidenceAt: iso(way.evidenceAt),
    sinceAt: iso(state?.sinceAt ?? null),
    hops: way.way.hops.map((hop) => {
      const tunnel = world.tunnel(hop.from, hop.to)
      const link = tunnel?.a === hop.from ? tunnel.aSees : (tunnel?.bSees ?? null)
      return {
        fromId: hop.from,
        fromName: name(hop.from),
        toId: hop.to,
        toName: name(hop.to),
        interfaceName: hop.interfaceName,
        status: tunnel?.judged.status ?? 'unknown',
        text: tunnel?.judged.reason ?? 'neither end has reported this tunnel yet',
        rttMs: tunnel?.judged.rttMs ?? null,
        loss: link && lossOf(link),
        evidenceAt: iso(tunnel ? provenAt(tunnel) : null),
      }
    }),
  }
}

/** Where one end cannot call the other, it is the other that tries. Who has not reported lately may have tried since. */
function triesOf(world: PathWorld, from: string, to: string): PairEvidence['tries'] {
  const tunnel = world.tunnel(from, to)
  if (!tunnel || !hasDirect(world.network, from, to) || tunnel.judged.status === 'up') return null
  const ends = tunnel.a === from ? [tunnel.aSees, tunnel.bSees] : [tunnel.bSees, tunnel.aSees]
  for (const sees of ends) {
    if (!sees?.triedAt || Math.abs(world.now - sees.reportedAt) > EVIDENCE_FRESH_MS) continue
    const called = endpointsOf(world, sees.nodeId, sees.peerId).length
    return { last: sees.triedAt, next: sees.nextTryAt, roundMs: roundMs(called) }
  }
  return null
}

/** On the way they take, and on the direct one that they do not take for it. */
function oneWayOf(
  world: PathWorld,
  from: string,
  to: string,
  ways: readonly MeasuredWay[],
): z.infer<typeof ExplainPathOutput>['oneWay'] {
  const hops = ways.flatMap(({ way }) => way.hops)
  const tunnels = [...hops, { from, to }].flatMap((hop) => world.tunnel(hop.from, hop.to) ?? [])
  return [...new Set(tunnels)].flatMap(({ judged }) =>
    judged.direction ? [{ fromName: judged.direction.from, toName: judged.direction.to, text: judged.reason }] : [],
  )
}

function endpointsOf({ network }: PathWorld, from: string, to: string): z.infer<typeof ExplainPathOutput>['endpoints'] {
  const end = network.ends.get(from)
  const peer = end && directPeersOf(network.directPairs, end).find(({ id }) => id === to)
  if (!end || !peer) return []
  return pairEndpoints(end, peer).map(({ kind, endpoint }) => ({ kind, endpoint: formatEndpoint(endpoint) }))
}
