/** Which ranges are in use already, as far as this server can know: its own, other networks', and what nodes reported. */
import { parseAddress } from '@spanwire/mesh/ip/address'
import { contains, formatPrefix, overlaps, type Prefix, prefixOf } from '@spanwire/mesh/ip/prefix'
import { z } from 'zod'
import type { Context } from '../context.ts'

export const RangeConflict = z.object({ with: z.string(), prefix: z.string() })
export type RangeConflict = z.infer<typeof RangeConflict>

export type TakenRange = { readonly prefix: Prefix; readonly with: string }

/** `except`: the network whose own ranges and nodes do not count. */
export async function takenRanges(ctx: Context, organizationId: string, except?: string): Promise<TakenRange[]> {
  const own = ctx.server.prefixes().map((text) => ({ text, with: 'this server' }))
  const [networks, reports] = await Promise.all([
    ctx.db.prisma.network.findMany({ where: { organizationId, ...(except && { id: { not: except } }) } }),
    readReports(ctx, organizationId, except),
  ])
  const others = networks.flatMap(({ name, cidr4, cidr6 }) =>
    [cidr4, cidr6].map((text) => ({ text, with: `the network ${name}` })),
  )
  const parse = (ranges: readonly { text: string; with: string }[]): TakenRange[] =>
    ranges.flatMap(({ text, with: whom }) => {
      const prefix = readRange(text)
      return prefix && isOfInterest(prefix) ? [{ prefix, with: whom }] : []
    })
  return [...parse(own), ...parse(others), ...reports.flatMap((report) => parseReport(report, parse))]
}

export function conflictsOf(range: Prefix, taken: readonly TakenRange[]): RangeConflict[] {
  const met = taken
    .filter(({ prefix }) => overlaps(prefix, range))
    .map(({ prefix, with: whom }) => ({ with: whom, prefix: formatPrefix(prefix) }))
  return [...new Map(met.map((conflict) => [`${conflict.with} ${conflict.prefix}`, conflict])).values()]
}

type Report = {
  name: string
  cidr4: string
  cidr6: string
  interfaceName: string
  addresses: string | null
  routes: string | null
}

/** A simulated fleet has ranges of its imagination. */
async function readReports(ctx: Context, organizationId: string, except?: string): Promise<Report[]> {
  const { rows } = await ctx.db.pool.query<Report>(
    `SELECT n.name, w.cidr4, w.cidr6, w.interface_name "interfaceName", s.facts->>'address' addresses, s.facts->>'route' routes
       FROM nodes n JOIN networks w ON w.id = n.network_id JOIN node_status s ON s.node_id = n.id
      WHERE w.organization_id = $1 AND NOT w.simulated AND ($2::uuid IS NULL OR w.id <> $2)`,
    [organizationId, except ?? null],
  )
  return rows
}

/** Addresses come as `INTERFACE RANGE`. What belongs to the node's own network is counted with the network. */
function parseReport(
  report: Report,
  parse: (ranges: { text: string; with: string }[]) => TakenRange[],
): readonly TakenRange[] {
  const addresses = lines(report.addresses)
    .map((line) => line.split(' '))
    .filter(([name]) => !name?.startsWith(report.interfaceName))
    .map(([, range = '']) => range)
  const whom = `the node ${report.name}`
  const own = [report.cidr4, report.cidr6].flatMap((text) => readRange(text) ?? [])
  return parse([...addresses, ...lines(report.routes)].map((text) => ({ text, with: whom }))).filter(
    ({ prefix }) => !own.some((range) => contains(range, prefix)),
  )
}

const lines = (text: string | null): string[] => (text ?? '').split('\n').filter((line) => line !== '')

/** Machines name ranges by an address inside them, 192.168.1.5/24. */
function readRange(text: string): Prefix | null {
  const [host = '', length = ''] = text.split('/')
  const address = parseAddress(host)
  if (!address.ok || !/^[0-9]{1,3}$/.test(length) || Number(length) > (address.value.family === 4 ? 32 : 128))
    return null
  return prefixOf(address.value, Number(length))
}

/** Loopback, link-local and the default route are on every machine and meet nothing. */
function isOfInterest(prefix: Prefix): boolean {
  if (prefix.length === 0) return false
  return !NOWHERE.some((range) => contains(range, prefix))
}

const NOWHERE: readonly Prefix[] = [
  { family: 4, base: 0x7f00_0000n, length: 8 },
  { family: 4, base: 0xa9fe_0000n, length: 16 },
  { family: 4, base: 0xe000_0000n, length: 3 },
  { family: 6, base: 1n, length: 128 },
  { family: 6, base: 0xfe80n << 112n, length: 10 },
  { family: 6, base: 0xffn << 120n, length: 8 },
]
