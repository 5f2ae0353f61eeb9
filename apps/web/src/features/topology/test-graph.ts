import type { Graph, GraphEdge, GraphNode } from './graph.ts'

/** Parts of graphs for tests: what a test does not name is well and plain. */

const well = { status: 'good', text: 'reports, last 2 s ago', at: null } as const

export function testNode(id: string, more: Partial<GraphNode> = {}): GraphNode {
  return {
    ...{ id, name: id, role: 'member', state: 'active', siteId: null, siteName: null, labels: {}, address4: null },
    facts: { reporting: well, tunnels: well, cluster: { status: 'none', text: 'no cluster', at: null } },
    ...{ rxRate: null, txRate: null },
    ...more,
  }
}

export function testEdge(a: string, b: string, more: Partial<GraphEdge> = {}): GraphEdge {
  return {
    ...{ id: `${a}.${b}`, a, b, status: 'up', text: `${a} and ${b} hear each other`, evidenceAt: null, rttMs: null },
    ...{ isMissedDirect: false, loss: null, rate: 0, aSees: null, bSees: null },
    ...more,
  }
}

/** A gateway at the first site and members over all, each with a tunnel. */
export function testStar(members: number, sites = 3): Graph {
  const at = (index: number) => ({ siteId: `s${index % sites}`, siteName: `site ${index % sites}` })
  return {
    nodes: [
      testNode('gw', { role: 'gateway', ...at(0) }),
      ...Array.from({ length: members }, (_, index) => testNode(`m${index}`, at(index))),
    ],
    edges: Array.from({ length: members }, (_, index) => testEdge('gw', `m${index}`)),
  }
}
