/** The world that a network's policy speaks of: its rows, with the addresses that its plan gives them. A few queries for all nodes together. */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { formatAddress } from '@spanwire/mesh/ip/address'
import { nodeV4, nodeV6 } from '@spanwire/mesh/ip/address-plan'
import { formatPrefix } from '@spanwire/mesh/ip/prefix'
import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import type { World, WorldCluster, WorldMember } from '@spanwire/mesh/policy/world'
import type { Sql } from '../machine/sql.ts'

export async function readWorld(sql: Sql, organizationId: string, network: NetworkPlan): Promise<World> {
  const { id } = network.settings
  const [nodes, owners, members, sites, clusters] = await Promise.all([
    sql.query<NodeRow>(
      `SELECT n.id, n.name, n.tags, s.name AS site FROM nodes n LEFT JOIN sites s ON s.id = n.site_id
        WHERE n.network_id = $1::uuid ORDER BY n.id`,
      [id],
    ),
    sql.query<{ id: string; email: string }>(
      'SELECT d.id, u.email FROM devices d JOIN users u ON u.id = d.user_id WHERE d.network_id = $1::uuid AND d.revoked_at IS NULL',
      [id],
    ),
    sql.query<WorldMember>(
      `SELECT u.email, m.role::text FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.organization_id = $1::uuid ORDER BY u.email`,
      [organizationId],
    ),
    sql.query<{ name: string }>('SELECT name FROM sites WHERE network_id = $1::uuid ORDER BY name', [id]),
    sql.query<ClusterRow>(
      `SELECT c.name, c.settings,
              coalesce((SELECT json_agg(json_build_object('id', m.node_id, 'role', m.role) ORDER BY m.node_id)
                          FROM cluster_nodes m WHERE m.cluster_id = c.id), '[]') AS nodes
         FROM clusters c WHERE c.network_id = $1::uuid`,
      [id],
    ),
  ])
  return worldOf(network, { nodes, owners, members, sites, clusters })
}

type NodeRow = { id: string; name: string; tags: string[]; site: string | null }
type ClusterRow = { name: string; settings: ClusterSettings; nodes: WorldCluster['nodes'] }
type Rows = {
  readonly nodes: readonly NodeRow[]
  readonly owners: readonly { id: string; email: string }[]
  readonly members: readonly WorldMember[]
  readonly sites: readonly { name: string }[]
  readonly clusters: readonly ClusterRow[]
}

function worldOf(network: NetworkPlan, { nodes, owners, members, sites, clusters }: Rows): World {
  const places = (ordinal: number | null | undefined) =>
    ordinal === null || ordinal === undefined
      ? { address4: null, address6: null }
      : {
          address4: formatAddress(nodeV4(network.overlay4, ordinal)),
          address6: formatAddress(nodeV6(network.ula, ordinal)),
        }
  const ownerOf = new Map(owners.map(({ id, email }) => [id, email]))
  return {
    cidr4: network.settings.cidr4,
    cidr6: network.settings.cidr6,
    // Who is invited only has a name already, so that rules can be written before it comes.
    nodes: nodes.map(({ id, name, tags, site }) => ({
      id,
      name,
      site,
      tags,
      owner: null,
      ...places(network.nodes.get(id)?.ordinal),
      podRanges: (network.podRanges.get(id) ?? []).map(formatPrefix),
    })),
    devices: network.devices.flatMap(({ id, name, ordinal }) => {
      const owner = ownerOf.get(id)
      return owner === undefined ? [] : [{ id, name, owner, ...places(ordinal) }]
    }),
    members,
    sites: sites.map(({ name }) => name),
    clusters: clusters.map(({ name, settings, nodes }) => ({
      name,
      nodes,
      podRanges: rangesOf(settings.podRange4, settings.podRange6),
      serviceRanges: rangesOf(settings.serviceRange4, settings.serviceRange6),
      backend: settings.flannelBackend,
      datastore: settings.datastore,
    })),
    carrier: network.hub?.id ?? null,
    gateways: network.gateways.slice(1).map(({ node }) => node.id),
  }
}

const rangesOf = (...ranges: (string | null)[]): string[] => ranges.filter((range) => range !== null)
