/** What is known of the running rotations of a network, in the words of the rule (mesh/keys/rotation.ts). */
import { REPORT_FRESH_MS } from '@spanwire/mesh/health/reporting-status'
import type { RotationFacts, RotationSaid } from '@spanwire/mesh/keys/rotation'
import { type StagedKey, withStaged } from '@spanwire/mesh/keys/with-staged'
import type { JoinedNode } from '@spanwire/mesh/paths/network-input'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import { type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import { readNetworkInput } from '../machine/read-network-input.ts'
import type { Sql } from '../machine/sql.ts'
import { peersOfNode, type RunningRotation, stagedKeys } from './rotation-rows.ts'

export type Looked = { readonly rotation: RunningRotation; readonly node: JoinedNode; readonly facts: RotationFacts }
export type LookedAt = {
  readonly organizationId: string
  readonly network: NetworkPlan
  readonly rotations: readonly Looked[]
}

type Said = {
  id: string
  reportedAt: number | null
  rotationId: string | null
  state: RotationSaid['state'] | null
  why: string | null
  nextKey: string | null
  nextDirectKey: string | null
  staged: string[] | null
}

export async function lookAtRotations(
  sql: Sql,
  networkId: string,
  rotations: readonly RunningRotation[],
  now: number,
): Promise<LookedAt | null> {
  const read = await readNetworkInput(sql, networkId)
  if (!read) return null
  const network = plan(read.input)
  const peersOf = new Map<string, JoinedNode[]>()
  for (const { nodeId } of rotations) {
    const node = network.nodes.get(nodeId)
    if (node) peersOf.set(nodeId, peersOfNode(network, node))
  }
  const said = await readSaid(sql, [...peersOf.keys(), ...[...peersOf.values()].flat().map(({ id }) => id)])
  return {
    organizationId: read.head.organizationId,
    network,
    rotations: rotations.flatMap((rotation) => {
      const node = network.nodes.get(rotation.nodeId)
      if (!node) return []
      const keys = stagedKeys(node, rotation)
      const peers = (peersOf.get(node.id) ?? []).map((peer) => {
        const row = said.get(peer.id)
        const isAway = !row?.reportedAt || now - row.reportedAt > REPORT_FRESH_MS
        return { id: peer.id, name: peer.name, hasStaged: hasAll(network, peer, keys, row?.staged ?? []), isAway }
      })
      const { state, wantsDirect, goesOn } = rotation
      return [
        { rotation, node, facts: { state, wantsDirect, goesOn, peers, said: ownOf(said.get(node.id), rotation) } },
      ]
    }),
  }
}

/** All of those that its bundle has. */
function hasAll(
  network: NetworkPlan,
  peer: JoinedNode,
  keys: readonly StagedKey[],
  staged: readonly string[],
): boolean {
  const view = nodeView(network, peer.id)
  if (!view || keys.length === 0) return false
  return withStaged(view, keys).present.every(({ next }) => staged.includes(next))
}

const ownOf = (said: Said | undefined, { id }: RunningRotation): RotationSaid | null =>
  said?.rotationId === id && said.state ? { ...said, state: said.state } : null

async function readSaid(sql: Sql, ids: readonly string[]): Promise<Map<string, Said>> {
  const rows = await sql.query<Said>(
    `SELECT n.id, (date_part('epoch', s.reported_at) * 1000)::float8 "reportedAt", k.rotation_id "rotationId", k.state, k.why,
            k.next_key "nextKey", k.next_direct_key "nextDirectKey", k.staged
       FROM nodes n LEFT JOIN node_status s ON s.node_id = n.id LEFT JOIN key_reports k ON k.node_id = n.id
      WHERE n.id = ANY($1::uuid[])`,
    [[...new Set(ids)]],
  )
  return new Map(rows.map((row) => [row.id, row]))
}
