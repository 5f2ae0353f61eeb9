/**
 * The picture's model: what is drawn of a network's measured state, and which of it a search or filter keeps. Pure, so
 * that the worker, the canvas and the table read the same.
 */

export type Status = 'good' | 'warn' | 'bad' | 'unknown' | 'none'

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
  facts: { reporting: Fact; tunnels: Fact; cluster: Fact }
  rxRate: number | null
  txRate: number | null
}

export interface GraphEdge {
  id: string
  a: string
  b: string
  status: 'up' | 'one-way' | 'down' | 'stale' | 'unknown'
  text: string
  evidenceAt: string | null
  rttMs: number | null
  loss: number | null
  /** bytes per second, both ways */
  rate: number
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

export interface GraphFilter {
  text: string
  site: string | null
  /** only what is not well */
  trouble: boolean
}

/** The nodes that a filter keeps; null when it keeps all, so that nothing has to be dimmed. */
export function kept(graph: Graph, filter: GraphFilter): ReadonlySet<string> | null {
  const text = filter.text.trim().toLowerCase()
  if (text === '' && filter.site === null && !filter.trouble) return null
  return new Set(
    graph.nodes
      .filter((node) => filter.site === null || node.siteId === filter.site)
      .filter((node) => !filter.trouble || inTrouble(node))
      .filter((node) => text === '' || matches(node, text))
      .map((node) => node.id),
  )
}

export function inTrouble(node: GraphNode): boolean {
  const { reporting, tunnels, cluster } = node.facts
  return [reporting, tunnels, cluster].some((fact) => fact.status === 'bad' || fact.status === 'warn')
}

/** Neighbours of each node by its measured edges, in the order of their names: what the arrow keys walk. */
export function neighbours(graph: Graph): Map<string, string[]> {
  const names = new Map(graph.nodes.map((node) => [node.id, node.name]))
  const found = new Map<string, string[]>(graph.nodes.map((node) => [node.id, []]))
  for (const edge of graph.edges) {
    found.get(edge.a)?.push(edge.b)
    found.get(edge.b)?.push(edge.a)
  }
  for (const list of found.values())
    list.sort((left, right) => (names.get(left) ?? '').localeCompare(names.get(right) ?? ''))
  return found
}

function matches(node: GraphNode, text: string): boolean {
  const words = [node.name, node.address4 ?? '', node.siteName ?? '', node.role]
  for (const [key, value] of Object.entries(node.labels)) words.push(`${key}=${value}`)
  return words.some((word) => word.toLowerCase().includes(text))
}
