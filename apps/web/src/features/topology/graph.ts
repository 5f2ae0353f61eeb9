/**
 * The picture's model: what is drawn of a network's measured state, and which of it a filter or search keeps. Pure, so
 * that the worker, the canvas and the table read the same.
 */

export type Status = 'good' | 'warn' | 'bad' | 'unknown' | 'none'
export type FactName = 'reporting' | 'tunnels' | 'cluster'

export interface Fact {
  status: Status
  text: string
  at: string | null
}

export interface GraphNode {
  id: string
  name: string
  role: 'gateway' | 'member'
  state: string
  siteId: string | null
  siteName: string | null
  labels: Record<string, string>
  address4: string | null
  facts: Record<FactName, Fact>
  rxRate: number | null
  txRate: number | null
}

/** One end's own words about a tunnel. */
export interface EndSees {
  state: 'alive' | 'dead' | 'unknown'
  reportedAt: string
  heardAt: string | null
  handshakeAt: string | null
  endpoint: string | null
  rttMs: number | null
  loss: number | null
  rxRate: number | null
  txRate: number | null
}

export interface GraphEdge {
  id: string
  a: string
  b: string
  status: 'up' | 'one-way' | 'down' | 'stale' | 'unknown'
  /** a direct path that is not alive: gateways carry for it */
  isMissedDirect: boolean
  text: string
  evidenceAt: string | null
  rttMs: number | null
  loss: number | null
  /** bytes per second, both ways */
  rate: number
  aSees: EndSees | null
  bSees: EndSees | null
}

export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

/** Changes only when nodes, edges or sites do: a refresh of measurements must not start the layout. */
export function shapeKey(graph: Graph): string {
  const nodes = graph.nodes.map((node) => `${node.id}${node.siteId ?? ''}${node.role[0]}`).sort()
  const edges = graph.edges.map((edge) => edge.id).sort()
  return `${nodes.join(',')}|${edges.join(',')}`
}

export function inTrouble(node: GraphNode): boolean {
  return node.state === 'quarantined' || factsOf(node).some(({ status }) => status === 'bad' || status === 'warn')
}

export function factsOf({ facts }: GraphNode): Fact[] {
  return [facts.reporting, facts.tunnels, facts.cluster]
}

const severity = ['none', 'good', 'unknown', 'warn', 'bad'] as const

/** Of its facts, for a mark too small to show each of them. */
export function worstStatus(node: GraphNode): Status {
  return factsOf(node)
    .map(({ status }) => status)
    .reduce((worst, status) => (severity.indexOf(status) > severity.indexOf(worst) ? status : worst))
}
