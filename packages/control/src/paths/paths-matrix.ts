import type { TunnelStatus } from '@spanwire/mesh/health/tunnel-status'
import type { Seat } from '@spanwire/mesh/paths/seat'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { LinkStatus } from '../node/link-view.ts'
import { requireRole } from '../require-role.ts'
import { type MeasuredWay, measureWay, PATH_KINDS } from './measure-way.ts'
import { type PathWorld, readPathWorld } from './read-path-world.ts'
import { siteCells } from './site-cells.ts'

export const PathsMatrix = z.object({
  network: z.uuid(),
  /** by node up to 300 of them, by site beyond; a site's own nodes can be asked for */
  site: z.uuid().nullable().optional(),
})

export const PathCell = z
  .object({
    /** places in `rows`; a < b, or a = b for the inside of a site */
    a: z.number(),
    b: z.number(),
    /** of the worse direction */
    kind: z.enum(PATH_KINDS),
    status: LinkStatus,
    rttMs: z.number().nullable(),
    /** 0..1 */
    loss: z.number().nullable(),
    /** the oldest proof on the way */
    evidenceAt: z.string().nullable(),
    /** the two directions take other ways */
    asymmetric: z.boolean(),
    /** between sites: how many pairs, and how many of them are direct and alive */
    pairs: z.number(),
    direct: z.number(),
  })
  .meta({ id: 'PathCell' })
export type PathCell = z.infer<typeof PathCell>

export const PathsMatrixOutput = z.object({
  network: z.object({ id: z.string(), name: z.string(), topology: z.enum(['hub', 'sites', 'mesh']) }),
  by: z.enum(['node', 'site']),
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(['gateway', 'member', 'site']),
      siteId: z.string().nullable(),
      siteName: z.string().nullable(),
      nodes: z.number(),
    }),
  ),
  cells: z.array(PathCell),
  at: z.string(),
})

const MOST_NODES = 300

/** How all pairs of nodes reach each other, and how well that is measured to go. */
export async function pathsMatrix(
  ctx: Context,
  input: z.infer<typeof PathsMatrix>,
): Promise<z.infer<typeof PathsMatrixOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const world = await readPathWorld(ctx, organizationId, input.network)
  const sites = await ctx.db.prisma.site.findMany({
    where: { networkId: input.network, network: { organizationId } },
    select: { id: true, name: true },
    orderBy: { name: 'asc' },
  })
  const siteOf = (seat: Seat) => world.network.nodes.get(seat.id)?.siteId ?? null
  const all = [...world.network.seats.values()]
  const seats = input.site === undefined ? all : all.filter((seat) => siteOf(seat) === input.site)
  const { settings, topology } = world.head
  const head = { network: { id: settings.id, name: settings.name, topology }, at: iso(world.now) }
  if (seats.length > MOST_NODES) return { ...head, by: 'site', ...siteCells(world, seats, sites) }
  const names = new Map(sites.map(({ id, name }) => [id, name]))
  const place = (seat: Seat) => names.get(siteOf(seat) ?? '') ?? '￿'
  // Sites together, gateways first in each: then blocks of the picture are sites.
  seats.sort((a, b) => compare([place(a), a.role, a.name], [place(b), b.role, b.name]))
  return {
    ...head,
    by: 'node',
    rows: seats.map((seat) => {
      const siteId = siteOf(seat)
      const { id, name, role } = seat
      return { id, name, role, siteId, siteName: names.get(siteId ?? '') ?? null, nodes: 1 }
    }),
    cells: seats.flatMap((a, i) => seats.slice(i + 1).map((b, j) => cellOf(world, [a, i], [b, i + 1 + j]))),
  }
}

type At = readonly [Seat, number]

function cellOf(world: PathWorld, [a, i]: At, [b, j]: At): PathCell {
  const [there, back] = [measureWay(world, a.id, b.id), measureWay(world, b.id, a.id)]
  const worse = isWorse(back, there) ? back : there
  return {
    a: i,
    b: j,
    kind: worse.kind,
    status: worse.status,
    rttMs: worse.rttMs === null ? null : Math.round(worse.rttMs * 10) / 10,
    loss: worse.loss === null ? null : Math.round(worse.loss * 1000) / 1000,
    evidenceAt: iso(worse.evidenceAt),
    asymmetric: routeOf(there).join() !== routeOf(back).reverse().join(),
    pairs: 1,
    direct: Number(worse.status === 'up' && (worse.kind === 'direct' || worse.kind === 'lan')),
  }
}

const routeOf = ({ way }: MeasuredWay): string[] => [...new Set(way.hops.flatMap(({ from, to }) => [from, to]))]

const STATUS = ['up', 'stale', 'unknown', 'one-way', 'down'] as const satisfies readonly TunnelStatus['status'][]

function isWorse(a: MeasuredWay, b: MeasuredWay): boolean {
  const rank = ({ status, kind }: MeasuredWay) => STATUS.indexOf(status) * 10 + PATH_KINDS.indexOf(kind)
  return rank(a) > rank(b)
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [i, text] of a.entries()) if (text !== b[i]) return text < (b[i] ?? '') ? -1 : 1
  return 0
}
