/** What the network loses with a node: the plan with it against the plan without it. */
import { gatewayOf, type JoinedNode, type NetworkPlan, peersOf, plan } from '@spanwire/mesh/paths/plan'
import type { Db, Network, Node, Tx } from '../db.ts'

export type Removal = {
  readonly cut: string[]
  /** others would be without any way: not done unless it is said twice */
  readonly needsForce: boolean
}

/** A list that nobody reads to its end protects nobody. */
const MAX_LINES = 100

export async function planRemoval(tx: Tx | Db['prisma'], network: Network, node: Node): Promise<Removal> {
  const nodes = await tx.node.findMany({
    where: { networkId: network.id, ordinal: { not: null } },
    select: { id: true, name: true, role: true, state: true, ordinal: true, publicKey: true, endpoint: true },
  })
  const before = plan({ ...network, nodes })
  const after = plan({ ...network, nodes: nodes.filter(({ id }) => id !== node.id) })
  const self = before.nodes.get(node.id)
  const others = before.spokes.filter(({ id }) => id !== node.id)
  const stranded = others.filter((each) => isStranded(before, after, each))
  const moved = others.filter((each) => movesTo(before, after, each) !== null)
  const peers = self ? peersOf(before, self).map(({ name }) => name) : []
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
