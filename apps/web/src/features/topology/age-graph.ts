import type { Fact, Graph, GraphEdge, GraphNode } from './graph.ts'

/** Evidence older than this is none: as the server judges (mesh/health, EVIDENCE_FRESH_MS and REPORT_FRESH_MS). */
const FRESH_MS = 45_000

/**
 * The picture of a moment ago, judged at present. While the server answers nothing new, green must not stay on the screen: what was
 * alive becomes "evidence too old" by itself. `now` is on the server's clock.
 */
export function ageGraph<G extends Graph>(graph: G, now: number): G {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ageNode(node, now)),
    edges: graph.edges.map((edge) => ageEdge(edge, now)),
  }
}

function ageEdge(edge: GraphEdge, now: number): GraphEdge {
  if (edge.status === 'stale' || edge.status === 'unknown' || isFresh(edge.evidenceAt, now)) return edge
  return { ...edge, status: 'stale', rttMs: null, rate: 0, text: `the last this page heard: ${edge.text}` }
}

function ageNode(node: GraphNode, now: number): GraphNode {
  const { reporting, tunnels, cluster } = node.facts
  const facts = { reporting: ageFact(reporting, now), tunnels: ageFact(tunnels, now), cluster: ageFact(cluster, now) }
  return facts.reporting === reporting && facts.tunnels === tunnels && facts.cluster === cluster
    ? node
    : { ...node, facts }
}

function ageFact(fact: Fact, now: number): Fact {
  if (fact.status !== 'good' || isFresh(fact.at, now)) return fact
  return { ...fact, status: 'unknown', text: `the last this page heard: ${fact.text}` }
}

/** A fact without a time stands on none: it does not grow old. */
function isFresh(at: string | null, now: number): boolean {
  return at === null || now - Date.parse(at) <= FRESH_MS
}
