/** What the network loses with a node: the plan with it against the plan without it. */
import { invariant } from '@spanwire/mesh/invariant'
import type { JoinedNode } from '@spanwire/mesh/paths/network-input'
import { gatewayOf, type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import { tunnelPeers } from '@spanwire/mesh/paths/tunnel-peers'
import type { Db, Network, Node, Tx } from '../db.ts'
import { readNetworkInput } from '../machine/read-network-input.ts'
import { sqlIn } from '../machine/sql-in.ts'

export type Removal = {
  readonly cut: string[]
  /** others would be without any way: not done unless it is said twice */
  readonly needsForce: boolean
}

/** A list that nobody reads to its end protects nobody. */
const MAX_LINES = 100

export async function planRemoval(tx: Tx | Db['prisma'], network: Network, node: Node): Promise<Removal> {
  const read = await readNetworkInput(sqlIn(tx), network.id)
  invariant(read, 'the network of a node is there')
  const before = plan(read.input)
  const after = plan({ ...read.input, nodes: read.input.nodes.filter(({ id }) => id !== node.id) })
  const self = before.nodes.get(node.id)
  const others = [...before.seats.keys()].flatMap((id) => (id === node.id ? [] : (before.nodes.get(id) ?? [])))
  const stranded = others.filter((each) => isStranded(before, after, each))
  const moved = others.filter((each) => movesTo(before, after, each) !== null)
  const peers = self ? [...new Set(tunnelPeers(before, self).map(({ peer }) => peer.name))] : []
  return {
    cut: [
      ...(peers.length === 0 ? [] : [`The tunnels of ${node.name} to ${enumerate(peers)}`]),
      ...shorten(stranded.map(({ name }) => `${name} loses its way to every other node: no gateway is left`)),
      ...shorten(moved.map((each) => `${each.name} moves to the gateway ${movesTo(before, after, each)}`)),
    ],
    needsForce: stranded.length > 0,
  }
}

function isStranded(before: NetworkPlan, after: NetworkPlan, node: JoinedNode): boolean {
  return gatewayOf(before, node) !== null && after.hub === null
}

/** The gateway that will carry it instead of the one that did. */
function movesTo(before: NetworkPlan, after: NetworkPlan, node: JoinedNode): string | null {
  const [was, will] = [gatewayOf(before, node), gatewayOf(after, node)]
  return was && will && was.id !== will.id ? will.name : null
}

const shorten = (lines: readonly string[]): string[] =>
  lines.length <= MAX_LINES
    ? [...lines]
    : [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more nodes likewise`]

const enumerate = (names: readonly string[]): string =>
  names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`
