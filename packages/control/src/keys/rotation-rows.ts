import type { RotationState } from '@spanwire/mesh/keys/rotation'
import type { StagedKey } from '@spanwire/mesh/keys/with-staged'
import { isAtWork, type JoinedNode } from '@spanwire/mesh/paths/network-input'
import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import { tunnelPeers } from '@spanwire/mesh/paths/tunnel-peers'
import type { Sql } from '../machine/sql.ts'

export type RunningRotation = {
  readonly nodeId: string
  readonly id: string
  readonly state: RotationState
  readonly wantsDirect: boolean
  readonly goesOn: boolean
  readonly nextKey: string | null
  readonly nextDirectKey: string | null
}

export async function readRunningRotations(sql: Sql, networkId: string): Promise<RunningRotation[]> {
  return sql.query<RunningRotation>(
    `SELECT r.node_id "nodeId", r.id, r.state, wants_direct "wantsDirect", goes_on "goesOn", next_key "nextKey",
            next_direct_key "nextDirectKey"
       FROM key_rotations r JOIN nodes n ON n.id = r.node_id
      WHERE n.network_id = $1::uuid AND r.ended_at IS NULL ORDER BY r.node_id`,
    [networkId],
  )
}

/** What the peers of the node are to have beside its keys. A direct key that the node told by itself meanwhile is staged no more. */
export function stagedKeys({ publicKey, directKey }: JoinedNode, rotation: RunningRotation): StagedKey[] {
  const { nextKey, nextDirectKey, state } = rotation
  if (nextKey === null) return []
  const isDue = state === 'switching'
  return [
    { old: publicKey, next: nextKey, isDue },
    ...(nextDirectKey && directKey && directKey !== nextDirectKey
      ? [{ old: directKey, next: nextDirectKey, isDue }]
      : []),
  ]
}

/** Who has a key of the node on an interface: those at the other ends of its tunnels, and gateways that only see where it is. */
export function peersOfNode(network: NetworkPlan, node: JoinedNode): JoinedNode[] {
  const ids = new Set(tunnelPeers(network, node).map(({ peer }) => peer.id))
  for (const [gatewayId, ends] of network.reflected) if (ends.some(({ id }) => id === node.id)) ids.add(gatewayId)
  return [...ids].flatMap((id) => {
    const peer = network.nodes.get(id)
    return peer && isAtWork(peer) ? [peer] : []
  })
}
