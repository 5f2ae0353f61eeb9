import { labelTexts } from '~/ui/parse-labels.ts'
import { type Graph, type GraphNode, inTrouble, worstStatus } from './graph.ts'

export interface GraphFilter {
  site: string | null
  role: string | null
  /** of the worst of a node's facts; `trouble` is bad or warn */
  status: StatusChoice | null
  label: string | null
}

export const STATUS_CHOICES = ['trouble', 'well', 'unknown', 'invited', 'paused'] as const
export type StatusChoice = (typeof STATUS_CHOICES)[number]

export const NO_FILTER: GraphFilter = { site: null, role: null, status: null, label: null }

export function isFiltered(filter: GraphFilter): boolean {
  return Object.values(filter).some((value) => value !== null)
}

/** The nodes that a filter keeps; null when it keeps all. */
export function keptBy(graph: Graph, filter: GraphFilter): ReadonlySet<string> | null {
  if (!isFiltered(filter)) return null
  return new Set(graph.nodes.filter((node) => fits(node, filter)).map((node) => node.id))
}

function fits(node: GraphNode, { site, role, status, label }: GraphFilter): boolean {
  return (
    (site === null || node.siteId === site) &&
    (role === null || node.role === role) &&
    (status === null || hasStatus(node, status)) &&
    (label === null || labelTexts(node.labels).includes(label))
  )
}

function hasStatus(node: GraphNode, status: StatusChoice): boolean {
  if (status === 'invited' || status === 'paused') return node.state === status
  if (status === 'trouble') return inTrouble(node)
  if (node.state === 'invited') return false
  return status === 'unknown' ? worstStatus(node) === 'unknown' : worstStatus(node) === 'good'
}

/**
 * What is left of the graph: the kept nodes and, since a tunnel has two ends, the gateways that kept members hang on. `context` names
 * the latter: they are drawn faintly. A kept gateway does not bring back all its members.
 */
export function narrowed(graph: Graph, kept: ReadonlySet<string> | null): Graph & { context: ReadonlySet<string> } {
  if (kept === null) return { ...graph, context: new Set() }
  const members = new Set(graph.nodes.filter(({ id, role }) => role === 'member' && kept.has(id)).map(({ id }) => id))
  const edges = graph.edges.filter(({ a, b }) => members.has(a) || members.has(b) || (kept.has(a) && kept.has(b)))
  const context = new Set<string>()
  for (const { a, b } of edges) for (const id of [a, b]) if (!kept.has(id)) context.add(id)
  return { nodes: graph.nodes.filter(({ id }) => kept.has(id) || context.has(id)), edges, context }
}

/** The nodes that a search means, best first: whose name begins so, then whose name has it, then the rest. */
export function found(graph: Graph, text: string): GraphNode[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  const ranked = graph.nodes.flatMap((node) => {
    const rank = rankOf(node, wanted)
    return rank === null ? [] : [{ node, rank }]
  })
  return ranked.sort((a, b) => a.rank - b.rank || names.compare(a.node.name, b.node.name)).map(({ node }) => node)
}

const names = new Intl.Collator('en', { numeric: true })

function rankOf(node: GraphNode, wanted: string): number | null {
  const name = node.name.toLowerCase()
  if (name.startsWith(wanted)) return 0
  if (name.includes(wanted)) return 1
  const words = [node.address4 ?? '', node.siteName ?? '', node.role, ...labelTexts(node.labels)]
  return words.some((word) => word.toLowerCase().includes(wanted)) ? 2 : null
}

/** Every label in use, for a menu. */
export function labelsIn(graph: Graph): string[] {
  return [...new Set(graph.nodes.flatMap((node) => labelTexts(node.labels)))].sort(names.compare)
}
