import { BundlePanel } from './bundle-panel.tsx'
import { EdgePanel } from './edge-panel.tsx'
import type { Graph } from './graph.ts'
import { NodePanel } from './node-panel.tsx'
import type { Selection } from './selection.ts'

interface Props {
  network: string
  graph: Graph
  selection: Selection
  onSelect(selection: Selection): void
}

/** What is selected; nothing when it is not in the network any more. */
export function SelectionPanel({ network, graph, selection, onSelect }: Props) {
  const onClose = () => onSelect(null)
  if (selection?.kind === 'node') {
    const node = graph.nodes.find(({ id }) => id === selection.id)
    return node ? <NodePanel {...{ network, graph, node, onSelect, onClose }} /> : null
  }
  if (selection?.kind === 'edge') {
    const edge = graph.edges.find(({ id }) => id === selection.id)
    return edge ? <EdgePanel {...{ network, graph, edge, onSelect, onClose }} /> : null
  }
  return selection ? <BundlePanel {...{ graph, id: selection.id, onSelect, onClose }} /> : null
}
