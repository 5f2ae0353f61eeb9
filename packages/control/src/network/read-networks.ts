/** Network rows of the actor's organization with their counts and worst problem, for the list and for one. */
import type { Context } from '../context.ts'
import { iso } from '../iso.ts'
import { isMissedDirect, type JudgedNode, judgeNode } from '../node/judge-node.ts'
import { mergeLinks, type Tunnel, tunnelsByNode } from '../node/merge-links.ts'
import { readLinks } from '../node/read-links.ts'
import { milliseconds, type NodeRecord, readNodes } from '../node/read-nodes.ts'
import { toProblem } from '../node/to-problem.ts'
import { networkProblem } from './network-problem.ts'
import type { NetworkRow } from './network-row.ts'
import { readTraffic } from './read-traffic.ts'

export async function readNetworks(ctx: Context, organization: string, only: string | null): Promise<NetworkRow[]> {
  const scope = only === null ? 'organization' : { network: only }
  const [networks, nodes, links, traffic] = await Promise.all([
    readRecords(ctx, organization, only),
    readNodes(ctx, organization, scope),
    readLinks(ctx, organization, scope),
    readTraffic(ctx, organization, only),
  ])
  const now = ctx.now().getTime()
  const names = new Map(nodes.map((node) => [node.id, node.name]))
  const tunnels = tunnelsByNode(mergeLinks(links, (id) => names.get(id) ?? id, now))
  const byNetwork = new Map<string, NodeRecord[]>(networks.map((network) => [network.id, []]))
  for (const node of nodes) byNetwork.get(node.networkId)?.push(node)
  return networks.map((network) => {
    const members = (byNetwork.get(network.id) ?? []).map((node): Member => {
      const own = tunnels.get(node.id) ?? []
      return { node, own, judged: judgeNode(node, own, now) }
    })
    return toRow(network, members, traffic.get(network.id) ?? [], now)
  })
}

type Member = { readonly node: NodeRecord; readonly own: readonly Tunnel[]; readonly judged: JudgedNode }

function toRow(network: NetworkRecord, members: readonly Member[], traffic: number[], now: number): NetworkRow {
  const joined = members.filter(({ node }) => node.state !== 'invited')
  const reporting = joined.filter(({ judged }) => judged.isReporting)
  // Each tunnel is counted at its lower end; a direct path for which gateways carry is none that should be alive.
  const tunnels = joined.flatMap(({ node, own }) =>
    own.filter((tunnel) => tunnel.a === node.id && !isMissedDirect(node, tunnel)),
  )
  const { restoredAt, createdAt, sites, ...rest } = network
  return {
    ...rest,
    restoredAt: iso(restoredAt),
    createdAt: iso(createdAt),
    counts: {
      nodes: joined.length,
      gateways: joined.filter(({ node }) => node.role === 'gateway').length,
      sites,
      reporting: reporting.length,
      tunnelsUp: tunnels.filter(({ judged }) => judged.status === 'up').length,
      tunnelsKnown: tunnels.length,
      invited: members.length - joined.length,
    },
    rates: {
      rx: reporting.reduce((sum, { node }) => sum + (node.rxRate ?? 0), 0),
      tx: reporting.reduce((sum, { node }) => sum + (node.txRate ?? 0), 0),
    },
    traffic,
    problem: networkProblem(
      {
        restoredAt,
        hasGateway: joined.some(({ node }) => node.role === 'gateway' && AT_WORK.has(node.state)),
        joined: joined.length,
        behindEpoch: reporting.filter(({ node }) => node.appliedEpoch !== network.epoch).length,
        problems: members.flatMap(({ judged }) => judged.problems.slice(0, 1).map(toProblem)),
      },
      now,
    ),
  }
}

const AT_WORK = new Set<NodeRecord['state']>(['enrolled', 'active'])

type NetworkRecord = Omit<NetworkRow, 'restoredAt' | 'createdAt' | 'counts' | 'rates' | 'traffic' | 'problem'> & {
  restoredAt: number | null
  createdAt: number
  sites: number
}

async function readRecords(ctx: Context, organization: string, only: string | null): Promise<NetworkRecord[]> {
  const { rows } = await ctx.db.pool.query<NetworkRecord>(
    `select w.id, w.name, w.cidr4::text, w.cidr6::text, w.interface_name "interfaceName", w.listen_port "listenPort", w.mtu,
        w.keepalive_seconds "keepaliveSeconds", w.topology, w.direct_cap "directCap", w.epoch, w.revision::float8, w.simulated,
        ${milliseconds('w.restored_at')} "restoredAt", ${milliseconds('w.created_at')} "createdAt",
        (select count(*)::int from sites s where s.network_id = w.id) sites
      from networks w
      where w.organization_id = $1 and ($2::uuid is null or w.id = $2)
      order by w.name`,
    [organization, only],
  )
  return rows
}
