import { useRouter } from 'next/navigation'
import { Choice } from '~/ui/choice.tsx'
import { paths } from '~/ui/paths.ts'
import type { Graph, GraphNode } from './graph.ts'
import classes from './topology.module.css'

/** The second node of a pair: choosing it opens the reason of the path between them. */
export function PathTo({ network, graph, node }: { network: string; graph: Graph; node: GraphNode }) {
  const router = useRouter()
  const others = graph.nodes
    .filter(({ id, state }) => id !== node.id && state !== 'invited')
    .map(({ id, name }) => ({ value: id, label: name }))
    .sort((a, b) => (a.label < b.label ? -1 : 1))
  if (others.length === 0) return null
  return (
    <div className={classes.pathTo}>
      <Choice
        label={`Why the path from ${node.name} to another node`}
        any="Why the path to …"
        data={others}
        value={null}
        onChange={(id) => id && router.push(paths.pathOf(network, node.id, id))}
      />
    </div>
  )
}
