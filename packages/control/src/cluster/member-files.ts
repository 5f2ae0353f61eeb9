/**
 * The k3s files of each machine of a cluster: from rows alone, so that a preview, a rollout and a bundle have the same. A machine has
 * none before it may act on them.
 */
import { createHash } from 'node:crypto'
import type { ClusterNode } from '@spanwire/mesh/cluster/cluster-node'
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { type ConfigEntry, type ConfigPlace, configEntries } from '@spanwire/mesh/cluster/config-entries'
import type { Placement } from '@spanwire/mesh/cluster/placement'
import { renderBundleFiles } from '@spanwire/mesh/cluster/render-bundle-files'
import type { ClusterPerson } from '@spanwire/mesh/cluster/render-manifests'
import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'
import type { Sql } from '../machine/sql.ts'
import { addressesOf } from '../node/addresses-of.ts'
import type { Seal } from '../secrets.ts'
import { openDatastore } from './datastore.ts'
import { placeOfSite } from './site-place.ts'
import { openToken } from './tokens.ts'

export type FileMember = {
  nodeId: string
  nodeName: string
  ordinal: number | null
  role: 'server' | 'agent'
  first: boolean
  kubernetesName: string
  labels: Record<string, string>
  taints: string[]
  /** what its k3s registered with: it reads them once, so its file keeps them */
  registered: Placement | null
  joinToken: Buffer | null
  siteName: string | null
  zone: string | null
  region: string | null
  cidr4: string
  cidr6: string
  interfaceName: string
  /** Of the organization, and only for a server: it tells Kubernetes who may do what. */
  people: ClusterPerson[] | null
  /** k3s is to go, or is gone. */
  isLeaving: boolean
  /** Its files were applied once. */
  hasBegun: boolean
}

export async function readFileMembers(sql: Sql, networkId: string): Promise<FileMember[]> {
  return sql.query<FileMember>(
    `SELECT m.node_id "nodeId", n.name "nodeName", n.ordinal, m.role::text, m.first, m.kubernetes_name "kubernetesName", m.labels,
        m.taints, m.registered, m.join_token "joinToken", s.name "siteName", s.zone, s.region, w.cidr4::text, w.cidr6::text,
        w.interface_name "interfaceName", coalesce(m.removal ? 'uninstall', false) "isLeaving",
        m.said->>'applied' IS NOT NULL "hasBegun",
        CASE WHEN m.role = 'server' THEN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.user_id, 'role', p.role)), '[]')
           FROM memberships p WHERE p.organization_id = w.organization_id) END people
       FROM cluster_nodes m JOIN clusters c ON c.id = m.cluster_id JOIN nodes n ON n.id = m.node_id
       JOIN networks w ON w.id = n.network_id LEFT JOIN sites s ON s.id = n.site_id
      WHERE c.network_id = $1 ORDER BY m.node_id`,
    [networkId],
  )
}

/** What one change of a cluster is about. */
export type Wanted = { readonly settings: ClusterSettings; readonly datastore: Uint8Array | null }

export function memberFiles(
  seal: Seal,
  members: readonly FileMember[],
  member: FileMember,
  { settings, datastore }: Wanted,
): BundleFile[] | null {
  const place = placeOf(members, member)
  const node = nodeOf(member)
  const token = member.first ? null : openToken(seal, member.joinToken)
  if (!place || !node || member.isLeaving || (!member.first && token === null)) return null
  const datastoreEndpoint = member.role === 'server' && datastore ? openDatastore({ seal }, datastore) : null
  return renderBundleFiles(settings, node, place, { token, datastoreEndpoint }, member.people ?? []).map(
    ({ name, text }) => ({
      name,
      text,
    }),
  )
}

/** What of it people may see, key by key. */
export function memberEntries(
  members: readonly FileMember[],
  member: FileMember,
  settings: ClusterSettings,
): ConfigEntry[] {
  const place = placeOf(members, member)
  const node = nodeOf(member)
  return place && node ? configEntries(settings, node, place) : []
}

/** As the machine reports it of what it applied: all files, in the order of their names. */
export function filesHash(files: readonly BundleFile[]): string {
  const hash = createHash('sha256')
  for (const { text } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) hash.update(text)
  return hash.digest('hex')
}

function placeOf(members: readonly FileMember[], member: FileMember): ConfigPlace | null {
  const first = members.find((other) => other.first)
  const serverAddress = first ? addressesOf(first).address4 : null
  if (!member.first && serverAddress === null) return null
  return {
    role: member.first ? 'server-first' : member.role,
    interfaceName: member.interfaceName,
    serverAddress: member.first ? null : serverAddress,
  }
}

function nodeOf(member: FileMember): ClusterNode | null {
  const { address4, address6 } = addressesOf(member)
  if (address4 === null || address6 === null) return null
  return {
    name: member.kubernetesName,
    address4,
    address6,
    ...(member.registered
      ? { ...member.registered, zone: null, region: null }
      : { labels: member.labels, taints: member.taints, ...placeOfSite(member) }),
  }
}
