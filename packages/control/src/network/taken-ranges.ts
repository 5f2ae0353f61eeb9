/** Which ranges are in use already, as far as this server can know: its own, other networks', and what nodes reported. */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { parseAddress } from '@spanwire/mesh/ip/address'
import { contains, formatPrefix, overlaps, type Prefix, prefixOf } from '@spanwire/mesh/ip/prefix'
import { z } from 'zod'
import type { Context } from '../context.ts'

export const RangeConflict = z.object({ with: z.string(), prefix: z.string() })
export type RangeConflict = z.infer<typeof RangeConflict>

/** `of`: the network whose overlay or cluster it is; null for what is found on machines. */
export type TakenRange = { readonly prefix: Prefix; readonly with: string; readonly of: string | null }

/** `except`: the network whose own overlay and nodes do not count; its cluster's ranges do. */
export async function takenRanges(ctx: Context, organizationId: string, except?: string): Promise<TakenRange[]> {
  const own = ctx.server.prefixes().map((text) => ({ text, with: 'this server', of: null }))
  const [networks, clusters, reports] = await Promise.all([
    ctx.db.prisma.network.findMany({ where: { organizationId, ...(except && { id: { not: except } }) } }),
    ctx.db.prisma.cluster.findMany({
      where: { network: { organizationId } },
      select: { networkId: true, name: true, settings: true },
    }),
    readReports(ctx, organizationId, except),
  ])
  const overlays = networks.flatMap(({ id, name, cidr4, cidr6 }) =>
    [cidr4, cidr6].map((text) => ({ text, with: `the network ${name}`, of: id })),
  )
  const inside = clusters.flatMap(({ networkId, name, settings }) =>
    clusterRanges(settings).map((text) => ({ text, with: `the cluster ${name}`, of: networkId })),
  )
  const parse: Parse = (ranges) =>
    ranges.flatMap(({ text, ...rest }) => {
      const prefix = readRange(text)
      return prefix && isOfInterest(prefix) ? [{ prefix, ...rest }] : []
    })
  return [...parse([...own, ...overlays, ...inside]), ...reports.flatMap((report) => parseReport(report, parse))]
}

type Parse = (ranges: readonly { text: string; with: string; of: string | null }[]) => TakenRange[]

function clusterRanges(settings: unknown): string[] {
  const { podRange4, podRange6, serviceRange4, serviceRange6 } = settings as ClusterSettings
  return [podRange4, podRange6, serviceRange4, serviceRange6].filter((text) => text !== null)
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
  /** settings of its network's cluster; null when there is none */
  cluster: unknown
  addresses: string | null
  routes: string | null
}

/** A simulated fleet has ranges of its imagination. */
async function readReports(ctx: Context, organizationId: string, except?: string): Promise<Report[]> {
  const { rows } = await ctx.db.pool.query<Report>(
    `SELECT n.name, w.cidr4, w.cidr6, w.interface_name "interfaceName", c.settings cluster, s.facts->>'address' addresses,
            s.facts->>'route' routes
       FROM nodes n JOIN networks w ON w.id = n.network_id JOIN node_status s ON s.node_id = n.id LEFT JOIN clusters c ON c.network_id = w.id
      WHERE w.organization_id = $1 AND NOT w.simulated AND ($2::uuid IS NULL OR w.id <> $2)`,
    [organizationId, except ?? null],
  )
  return rows
}

/** Addresses come as `INTERFACE RANGE`. What belongs to the node's own network or cluster, as cni0 does, is counted with that. */
function parseReport(report: Report, parse: Parse): readonly TakenRange[] {
  const addresses = lines(report.addresses)
    .map((line) => line.split(' '))
    .filter(([name]) => !name?.startsWith(report.interfaceName))
    .map(([, range = '']) => range)
  const whom = `the node ${report.name}`
  const inside = report.cluster ? clusterRanges(report.cluster) : []
  const own = [report.cidr4, report.cidr6, ...inside].flatMap((text) => readRange(text) ?? [])
  return parse([...addresses, ...lines(report.routes)].map((text) => ({ text, with: whom, of: null }))).filter(
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
