/**
 * The matrix of a large network, by site: how many pairs are direct and alive, and for the rest the way over gateways, as slow as its
 * parts are in the middle. A site that has nobody is left out; those without a site are one of their own.
 */
import type { PathCell } from '@spanwire/mesh/paths/packed-cells'
import type { Seat } from '@spanwire/mesh/paths/seat'
import { measureWay } from './measure-way.ts'
import type { PathWorld } from './read-path-world.ts'

type Site = { readonly id: string; readonly name: string }
type Row = {
  readonly id: string
  readonly name: string
  readonly role: 'site'
  readonly siteId: string | null
  readonly nodes: number
}

/** Pairs of two sites that are looked at as examples of the carried ones. */
const SAMPLES = 5

export function siteCells(
  world: PathWorld,
  seats: readonly Seat[],
  sites: readonly Site[],
): { rows: Row[]; cells: PathCell[] } {
  const bySite = new Map<string, Seat[]>()
  const siteOf = (id: string) => world.network.nodes.get(id)?.siteId ?? ''
  for (const seat of seats) bySite.set(siteOf(seat.id), [...(bySite.get(siteOf(seat.id)) ?? []), seat])
  const rows = [...sites, { id: '', name: 'without a site' }].flatMap(({ id, name }): Row[] => {
    const nodes = bySite.get(id)?.length ?? 0
    return nodes === 0 ? [] : [{ id: id || 'none', name, role: 'site', siteId: id || null, nodes }]
  })
  const direct = directBySites(world, siteOf)
  const members = (row: Row) => bySite.get(row.siteId ?? '') ?? []
  const cells = rows.flatMap((rowA, a) =>
    rows.slice(a).map((rowB, more) => {
      const b = a + more
      const pairs = a === b ? (rowA.nodes * (rowA.nodes - 1)) / 2 : rowA.nodes * rowB.nodes
      const alive = direct.get(keyOf(rowA.siteId ?? '', rowB.siteId ?? '')) ?? 0
      return { a, b, pairs, direct: alive, ...sampled(world, members(rowA), members(rowB)) }
    }),
  )
  return { rows, cells }
}

function directBySites({ network, tunnels }: PathWorld, siteOf: (id: string) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { a, b, judged } of tunnels) {
    if (judged.status !== 'up' || !network.ends.has(a) || !network.ends.has(b)) continue
    const key = keyOf(siteOf(a), siteOf(b))
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

const keyOf = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

/** The middle one of a few pairs, spread over both sites. */
function sampled(world: PathWorld, as: readonly Seat[], bs: readonly Seat[]) {
  const others = spread(bs)
  const ways = spread(as).flatMap((a, i) => {
    // Inside of a site each with its neighbour in the list.
    const b = others[(i + 1) % others.length]
    return b && b.id !== a.id ? [measureWay(world, a.id, b.id)] : []
  })
  ways.sort((x, y) => (x.rttMs ?? Number.POSITIVE_INFINITY) - (y.rttMs ?? Number.POSITIVE_INFINITY))
  const middle = ways[Math.floor(ways.length / 2)]
  return {
    kind: middle?.kind ?? ('none' as const),
    status: middle?.status ?? ('unknown' as const),
    rttMs: middle?.rttMs ?? null,
    loss: middle?.loss ?? null,
    evidenceAt: middle?.evidenceAt ?? null,
    asymmetric: false,
  }
}

function spread(seats: readonly Seat[]): Seat[] {
  const step = Math.max(1, Math.floor(seats.length / SAMPLES))
  return seats.filter((_, i) => i % step === 0).slice(0, SAMPLES)
}
