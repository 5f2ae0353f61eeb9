import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { agoText } from '~/ui/ago.tsx'
import { count, formatMs, formatRate } from '~/ui/units.ts'
import type { Bundle } from './bundle.ts'
import { lookMark, lookOf, lookWords } from './edge-look.ts'
import { factsOf, type Graph, type GraphEdge, type GraphNode, type Status } from './graph.ts'
import type { Picked } from './pick.ts'

export interface Words {
  title: string
  lines: { status: Status | null; text: string }[]
}

/** What is under the pointer, in a few words. */
export function wordsOf(picked: Picked, graph: Graph, now: number): Words {
  if (picked.kind === 'node') return nodeWords(picked.placed.node)
  if (picked.kind === 'bundle') return bundleWords(picked.bundle, now)
  return edgeWords(picked.strand.edge, graph, now)
}

export function nodeWords(node: GraphNode): Words {
  const about = [node.role, node.siteName, node.state === 'active' ? null : node.state].filter(Boolean).join(' · ')
  const facts = factsOf(node).filter(({ status }) => status !== 'none')
  return {
    title: node.name,
    lines: [
      { status: null, text: about },
      ...(node.state === 'invited' ? [] : facts.map(({ status, text }) => ({ status, text: beginSentence(text) }))),
    ],
  }
}

export function edgeWords(edge: GraphEdge, graph: Graph, now: number): Words {
  const look = lookOf(edge)
  const numbers = [
    edge.rttMs !== null && formatMs(edge.rttMs),
    edge.rate > 0 && formatRate(edge.rate),
    edge.evidenceAt && `measured ${agoText(now - Date.parse(edge.evidenceAt))}`,
  ].filter(Boolean)
  return {
    title: tunnelName(edge, graph),
    lines: [
      { status: lookMark(look), text: lookWords(look) },
      { status: null, text: numbers.join(' · ') || 'No measurement yet' },
    ],
  }
}

export function bundleWords({ site, gateway, lanes }: Bundle, now: number): Words {
  return {
    title: `${site.name} ↔ ${gateway.node.name}`,
    lines: lanes.toReversed().map(({ look, edges, rttMs, rate, evidenceAt }) => ({
      status: lookMark(look),
      text: [
        `${count(edges.length, 'tunnel')}: ${lookWords(look).toLowerCase()}`,
        rttMs !== null && formatMs(rttMs),
        rate > 0 && formatRate(rate),
        evidenceAt !== null && agoText(now - evidenceAt),
      ]
        .filter(Boolean)
        .join(' · '),
    })),
  }
}

export function tunnelName({ a, b }: GraphEdge, { nodes }: Graph): string {
  return [a, b].map((id) => nodes.find((node) => node.id === id)?.name ?? 'a removed node').join(' ↔ ')
}
