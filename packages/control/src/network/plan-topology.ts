/** What another topology makes of a network: which tunnels appear and go on each node, by the plan before and the plan after. */
import { createHash } from 'node:crypto'
import type { PlanNode } from '@spanwire/mesh/paths/network-input'
import { type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import { previewTopology } from '@spanwire/mesh/paths/preview-topology'
import { z } from 'zod'
import type { ReadNetwork } from '../machine/read-network-input.ts'
import type { Sql } from '../machine/sql.ts'
import { lanAddresses } from '../paths/lan-addresses.ts'
import { Refusal } from '../refusal.ts'

export const TopologyName = z.enum(['hub', 'sites', 'mesh'])

export const SetTopologyInput = z.object({
  id: z.uuid(),
  topology: TopologyName,
  /** how many direct peers a node has at most */
  directCap: z
    .int()
    .min(1, 'A node has 1 to 1000 direct peers.')
    .max(1000, 'A node has 1 to 1000 direct peers.')
    .optional(),
})

const TunnelEnd = z.object({ peerId: z.string(), peer: z.string(), interfaceName: z.string() })

export const TopologyPreview = z
  .object({
    from: TopologyName,
    to: TopologyName,
    /** tunnels, each counted once */
    appear: z.number(),
    go: z.number(),
    /** nodes on which any does; the first 500 of them */
    nodes: z.array(z.object({ id: z.string(), name: z.string(), appear: z.array(TunnelEnd), go: z.array(TunnelEnd) })),
    /** how many nodes are changed in all */
    changed: z.number(),
    notes: z.array(z.string()),
  })
  .meta({ id: 'TopologyPreview' })
export type TopologyPreview = z.infer<typeof TopologyPreview>

const MOST_NODES = 500

export function planTopology({ head, input }: ReadNetwork, wanted: z.infer<typeof SetTopologyInput>): TopologyPreview {
  const directCap = wanted.directCap ?? head.directCap
  const before = plan(input)
  // A machine makes the key of its direct interface when it is to have one: any other stands for it here.
  const nodes = wanted.topology === 'hub' ? input.nodes : input.nodes.map(withKey)
  const after = plan({
    ...input,
    nodes,
    topology: wanted.topology,
    directCap,
    pairs: wanted.topology === 'mesh' ? input.pairs : [],
  })
  const { nodes: changed, appear, go } = previewTopology(before, after)
  return {
    from: head.topology,
    to: wanted.topology,
    appear,
    go,
    nodes: changed
      .slice(0, MOST_NODES)
      .map(({ appear, go, ...node }) => ({ ...node, appear: [...appear], go: [...go] })),
    changed: changed.length,
    notes: notesOf(after, wanted.topology),
  }
}

function withKey(node: PlanNode): PlanNode {
  if (node.directKey) return node
  const bytes = createHash('sha256').update(`direct ${node.id}`).digest()
  // Keys of Curve25519 have no bit 255.
  bytes[31] = (bytes[31] ?? 0) & 0x7f
  return { ...node, directKey: bytes.toString('base64'), directPort: node.directPort ?? 51_820 }
}

function notesOf(after: NetworkPlan, topology: z.infer<typeof TopologyName>): string[] {
  if (topology === 'hub')
    return ['What went directly goes through gateways from then on: nothing is cut, it may take longer.']
  const members = [...after.seats.values()].filter(({ slots }) => slots !== null)
  const homeless = members.filter(({ id }) => (after.nodes.get(id)?.siteId ?? null) === null)
  return [
    'Gateways go on carrying until a direct path is measured to be alive; where none comes about they carry on.',
    ...(topology === 'mesh'
      ? ['Two nodes of different sites get a direct tunnel when they talk with each other.']
      : []),
    ...(topology === 'sites' && homeless.length > 0
      ? [`${count(homeless.length)} no site, and so no direct path: ${some(homeless.map(({ name }) => name))}.`]
      : []),
  ]
}

const count = (nodes: number): string => (nodes === 1 ? 'One node has' : `${nodes} nodes have`)
const some = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')} and ${names.length - 8} more`

/** Machines that told their addresses before these were kept: from what they last said of themselves. */
export async function withLanAddresses(sql: Sql, read: ReadNetwork): Promise<ReadNetwork> {
  const rows = await sql.query<{ id: string; address: string }>(
    `SELECT n.id, s.facts->>'address' address FROM nodes n JOIN node_status s ON s.node_id = n.id
      WHERE n.network_id = $1 AND n.lan_addresses = '{}' AND s.facts ? 'address'`,
    [read.head.settings.id],
  )
  const found = new Map(
    rows.map(({ id, address }) => [id, lanAddresses({ address }, read.head.settings.interfaceName)]),
  )
  const nodes = read.input.nodes.map((node) => ({ ...node, lanAddresses: found.get(node.id) ?? node.lanAddresses }))
  return { ...read, input: { ...read.input, nodes } }
}

export function refuseOther(read: ReadNetwork | null, organizationId: string): ReadNetwork {
  if (read?.head.organizationId !== organizationId) throw new Refusal('NOT_FOUND', 'There is no such network.')
  return read
}
