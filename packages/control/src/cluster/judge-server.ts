import { type PathSample, serverVerdict } from '@spanwire/mesh/cluster/server-verdict'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { type LinkRecord, readLinks } from '../node/read-links.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { type MemberRecord, readCluster } from './read-cluster.ts'

export const JudgeServer = z.object({ nodeId: z.uuid() })
export const JudgeServerOutput = z.object({
  verdict: z.enum(['good', 'tune', 'bad', 'unknown', 'impossible']),
  sentence: z.string(),
  fix: z.string().nullable(),
  rttMs: z.number().nullable(),
  lossPercent: z.number().nullable(),
  etcdArgs: z.array(z.string()),
})

/** Whether the node may be a further server, by what was measured between it and the servers that are there. */
export async function judgeServer(
  ctx: Context,
  input: z.infer<typeof JudgeServer>,
): Promise<z.infer<typeof JudgeServerOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const node = await ctx.db.prisma.node.findFirst({ where: { id: input.nodeId, network: { organizationId } } })
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such node.')
  const [found, links] = await Promise.all([
    readCluster(ctx, organizationId, node.networkId),
    readLinks(ctx, organizationId, { network: node.networkId }),
  ])
  if (!found) throw new Refusal('PRECONDITION_FAILED', 'This network has no cluster yet.', { reason: 'no-cluster' })
  const others = found.members.filter(({ role, nodeId }) => role === 'server' && nodeId !== node.id)
  const now = ctx.now().getTime()
  if (others.length === 0 && found.cluster.settings.datastore !== 'sqlite')
    return { verdict: 'good', sentence: `${node.name} would be the first server.`, fix: null, ...NO_NUMBERS }
  const samples = others.map((other) => sampleOf(node.id, other, links))
  const verdict = serverVerdict(node.name, samples, others.length + 1, found.cluster.settings.datastore, now)
  return { ...verdict, etcdArgs: [...verdict.etcdArgs] }
}

const NO_NUMBERS = { rttMs: null, lossPercent: null, etcdArgs: [] as string[] }

/** Both have a tunnel to the gateway that carries; what goes from one to the other pays both. A gateway has its own directly. */
function sampleOf(nodeId: string, other: MemberRecord, links: readonly LinkRecord[]): PathSample {
  const direct = best(links.filter((link) => isBetween(link, nodeId, other.nodeId)))
  if (direct) return { to: other.nodeName, ...numbers([direct]) }
  const hubs = peersOf(nodeId, links).filter((hub) => peersOf(other.nodeId, links).includes(hub))
  const legs = hubs.flatMap((hub) => {
    const [a, b] = [
      best(links.filter((link) => isBetween(link, nodeId, hub))),
      best(links.filter((link) => isBetween(link, other.nodeId, hub))),
    ]
    return a && b ? [[a, b]] : []
  })
  return { to: other.nodeName, ...numbers(legs[0] ?? []) }
}

const isBetween = ({ nodeId, peerId }: LinkRecord, a: string, b: string): boolean =>
  (nodeId === a && peerId === b) || (nodeId === b && peerId === a)

const peersOf = (id: string, links: readonly LinkRecord[]): string[] =>
  links.flatMap(({ nodeId, peerId }) => (nodeId === id ? [peerId] : peerId === id ? [nodeId] : []))

/** Of the two ends' words the one that rests on more pings. */
const best = (links: readonly LinkRecord[]): LinkRecord | undefined =>
  links.filter(({ rttMs }) => rttMs !== null).sort((a, b) => b.sent - a.sent)[0]

function numbers(legs: readonly LinkRecord[]): Omit<PathSample, 'to'> {
  if (legs.length === 0) return { rttMs: null, sent: 0, lost: 0, measuredAt: 0 }
  const sent = Math.min(...legs.map((leg) => leg.sent))
  const arrives = legs.reduce((part, leg) => part * (leg.sent > 0 ? 1 - leg.lost / leg.sent : 1), 1)
  return {
    rttMs: legs.reduce((sum, leg) => sum + (leg.rttMs ?? 0), 0),
    sent,
    lost: Math.round(sent * (1 - arrives)),
    measuredAt: Math.min(...legs.map((leg) => leg.reportedAt)),
  }
}
