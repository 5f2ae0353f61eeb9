import type { TunnelStatus } from '@spanwire/mesh/health/tunnel-status'
import { isDirect, type PathCell, packCells } from '@spanwire/mesh/paths/packed-cells'
import { PATH_KINDS } from '@spanwire/mesh/paths/path-kind'
import type { Seat } from '@spanwire/mesh/paths/seat'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { requireRole } from '../require-role.ts'
import { type MeasuredWay, measureWay } from './measure-way.ts'
import { type PathWorld, readPathWorld } from './read-path-world.ts'
import { siteCells } from './site-cells.ts'

export const PathsMatrix = z.object({
  network: z.uuid(),
  /** by node up to 300 of them, by site beyond; a site's own nodes can be asked for */
  site: z.uuid().nullable().optional(),
})

const Letters = z.string().regex(/^[A-Za-z0-9_-]*$/)

/** One column for each thing that is known of a pair: as an object a pair would be 150 bytes, and is six. */
export const PathCells = z
  .object({
    state: Letters.describe('one letter a pair: kind, status, and whether there and back differ'),
    rtt: Letters.describe('two letters a pair: ms'),
    loss: Letters.describe('one letter a pair: 0..1'),
    age: Letters.describe('two letters a pair: seconds of the oldest proof on the way, before `at`'),
    direct: z
      .array(z.number())
      .readonly()
      .nullable()
      .describe('between sites how many pairs are direct and alive; null between nodes'),
  })
  .meta({
    id: 'PathCells',
    description:
      'Pairs of `rows` in the order (0, 1), (0, 2), … (1, 2), …; by site (0, 0) first. docs/paths.md has the scales and a program that reads them.',
  })

export const PathsMatrixOutput = z.object({
  network: z.object({ id: z.string(), name: z.string(), topology: z.enum(['hub', 'sites', 'mesh']) }),
  by: z.enum(['node', 'site']),
  /** those that a row names */
  sites: z.array(z.object({ id: z.string(), name: z.string() })),
  rows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(['gateway', 'member', 'site']),
      /** place in `sites` */
      site: z.number().nullable(),
      nodes: z.number(),
    }),
  ),
  cells: PathCells,
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
  const places = new Map(sites.map(({ id }, place) => [id, place]))
  const toRow = ({ id, name, role, siteId, nodes }: Row) => {
    return { id, name, role, site: places.get(siteId ?? '') ?? null, nodes }
  }
  const head = { network: { id: settings.id, name: settings.name, topology }, at: iso(world.now), sites }
  if (seats.length > MOST_NODES) {
    const { rows, cells } = siteCells(world, seats, sites)
    return { ...head, by: 'site', rows: rows.map(toRow), cells: packCells(cells, 'site', world.now) }
  }
  const names = new Map(sites.map(({ id, name }) => [id, name]))
  const place = (seat: Seat) => names.get(siteOf(seat) ?? '') ?? '￿'
  // Sites together, gateways first in each: then blocks of the picture are sites.
  seats.sort((a, b) => compare([place(a), a.role, a.name], [place(b), b.role, b.name]))
  return {
    ...head,
    by: 'node',
    rows: seats.map((seat) => toRow({ ...seat, siteId: siteOf(seat), nodes: 1 })),
    cells: packCells(cellsOf(world, seats), 'node', world.now),
  }
}

type Row = {
  readonly id: string
  readonly name: string
  readonly role: 'gateway' | 'member' | 'site'
  readonly siteId: string | null
  readonly nodes: number
}

type At = readonly [Seat, number]

function* cellsOf(world: PathWorld, seats: readonly Seat[]): Iterable<PathCell> {
  for (const [i, a] of seats.entries())
    for (let j = i + 1; j < seats.length; j++) {
      const b = seats[j]
      if (b) yield cellOf(world, [a, i], [b, j])
    }
}

function cellOf(world: PathWorld, [a, i]: At, [b, j]: At): PathCell {
  const [there, back] = [measureWay(world, a.id, b.id), measureWay(world, b.id, a.id)]
  const worse = isWorse(back, there) ? back : there
  return {
    a: i,
    b: j,
    kind: worse.kind,
    status: worse.status,
    rttMs: worse.rttMs,
    loss: worse.loss,
    evidenceAt: worse.evidenceAt,
    asymmetric: routeOf(there).join() !== routeOf(back).reverse().join(),
    pairs: 1,
    direct: Number(isDirect(worse)),
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
