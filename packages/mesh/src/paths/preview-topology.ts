/** Which tunnels appear and go between two plans of one network, node by node: what an operator reads before a change is applied. */
import { directPeersOf } from './direct-pairs.ts'
import { directName, interconnectName, secondName } from './interface-names.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'

export type PlannedTunnel = {
  readonly interfaceName: string
  readonly peerId: string
  readonly peer: string
}

export type NodeChange = {
  readonly id: string
  readonly name: string
  readonly appear: readonly PlannedTunnel[]
  readonly go: readonly PlannedTunnel[]
}

export type TopologyPreview = {
  /** Those of whom something changes, in the order of their places. */
  readonly nodes: readonly NodeChange[]
  /** Each tunnel once, though both of its ends have it. */
  readonly appear: number
  readonly go: number
}

export function previewTopology(before: NetworkPlan, after: NetworkPlan): TopologyPreview {
  const ids = new Set([...before.seats.keys(), ...after.seats.keys()])
  const nodes = [...ids].flatMap((id) => {
    const [was, will] = [tunnelsOf(before, id), tunnelsOf(after, id)]
    const appear = [...will].flatMap(([key, tunnel]) => (was.has(key) ? [] : [tunnel]))
    const go = [...was].flatMap(([key, tunnel]) => (will.has(key) ? [] : [tunnel]))
    const row = after.nodes.get(id) ?? before.nodes.get(id)
    return row && appear.length + go.length > 0 ? [{ id, name: row.name, ordinal: row.ordinal, appear, go }] : []
  })
  nodes.sort((a, b) => a.ordinal - b.ordinal)
  return {
    nodes: nodes.map(({ ordinal: _, ...change }) => change),
    // Both ends of each stand in the list.
    appear: nodes.reduce((sum, { appear }) => sum + appear.length, 0) / 2,
    go: nodes.reduce((sum, { go }) => sum + go.length, 0) / 2,
  }
}

/** By interface and peer: those that are there to carry, not those that only see. */
export function tunnelsOf(network: NetworkPlan, id: string): ReadonlyMap<string, PlannedTunnel> {
  const seat = network.seats.get(id)
  const tunnels = new Map<string, PlannedTunnel>()
  if (!seat) return tunnels
  const add = (interfaceName: string, peerId: string | null | undefined) => {
    const peer = peerId ? network.seats.get(peerId) : undefined
    if (peer) tunnels.set(`${interfaceName} ${peer.id}`, { interfaceName, peerId: peer.id, peer: peer.name })
  }
  const base = network.settings.interfaceName
  for (const { id } of network.carried.get(seat.id) ?? []) add(base, id)
  for (const [name, peerId] of slotTunnels(base, seat)) add(name, peerId)
  if (seat.number !== null)
    for (const { node, number } of network.gateways)
      if (node.id !== seat.id) add(interconnectName(base, number), node.id)
  const end = network.ends.get(seat.id)
  for (const peer of end ? directPeersOf(network.directPairs, end) : []) add(directName(base), peer.id)
  return tunnels
}

const slotTunnels = (base: string, { slots }: Seat): readonly (readonly [string, string | null | undefined])[] => [
  [base, slots?.a],
  [secondName(base), slots?.b],
]
