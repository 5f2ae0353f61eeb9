import { z } from 'zod'
import type { Context } from '../context.ts'
import { mergeLinks } from '../node/merge-links.ts'
import { readLinks } from '../node/read-links.ts'
import { readNodes } from '../node/read-nodes.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'

export const ProposeSiteGateways = z.object({ id: z.uuid() })
export const ProposeSiteGatewaysOutput = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    /** from the nodes of the site, the middle one; null: nothing is measured */
    rttMs: z.number().nullable(),
    /** measured over the tunnels of its nodes; else over another gateway, and at most that */
    measured: z.boolean(),
    isInSite: z.boolean(),
    draining: z.boolean(),
  }),
)

/** Gateways for a site, the nearest first: by what its nodes measure, and over another gateway where they have no tunnel. */
export async function proposeSiteGateways(
  ctx: Context,
  input: z.infer<typeof ProposeSiteGateways>,
): Promise<z.infer<typeof ProposeSiteGatewaysOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const site = await ctx.db.prisma.site.findFirst({ where: { id: input.id, network: { organizationId } } })
  if (!site) throw new Refusal('NOT_FOUND', 'There is no such site.')
  const scope = { network: site.networkId }
  const [nodes, links] = await Promise.all([
    readNodes(ctx, organizationId, scope),
    readLinks(ctx, organizationId, scope),
  ])
  const rtts = new Map<string, number>()
  for (const { a, b, judged } of mergeLinks(links, (id) => id, ctx.now().getTime())) {
    if (judged.status !== 'up' || judged.rttMs === null) continue
    rtts.set(`${a} ${b}`, judged.rttMs)
    rtts.set(`${b} ${a}`, judged.rttMs)
  }
  const isAtWork = ({ state }: (typeof nodes)[number]) => state === 'enrolled' || state === 'active'
  const gateways = nodes.filter((node) => node.role === 'gateway' && node.ordinal !== null && isAtWork(node))
  const own = nodes.filter((node) => node.siteId === site.id && node.role === 'member')
  const proposed = gateways.map((gateway) => {
    const measured = own.flatMap(({ id }) => rtts.get(`${id} ${gateway.id}`) ?? [])
    const over = gateways.flatMap((other) => {
      const between = rtts.get(`${other.id} ${gateway.id}`)
      return between === undefined ? [] : own.flatMap(({ id }) => sum(rtts.get(`${id} ${other.id}`), between))
    })
    return {
      id: gateway.id,
      name: gateway.name,
      rttMs: middle(measured) ?? middle(over),
      measured: measured.length > 0,
      isInSite: gateway.siteId === site.id,
      draining: gateway.draining,
    }
  })
  const rank = ({ draining, isInSite, rttMs }: (typeof proposed)[number]) => [
    Number(draining),
    Number(!isInSite),
    rttMs ?? 1e9,
  ]
  return proposed.sort((a, b) => compare(rank(a), rank(b)) || (a.name < b.name ? -1 : 1))
}

const sum = (a: number | undefined, b: number): number[] => (a === undefined ? [] : [a + b])

function middle(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? null
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value - (b[i] ?? 0)
  return 0
}
