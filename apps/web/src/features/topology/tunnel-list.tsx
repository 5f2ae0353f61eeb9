import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs } from '~/ui/units.ts'
import { LOOKS, lookMark, lookOf, lookWords } from './edge-look.ts'
import type { Graph, GraphEdge } from './graph.ts'
import type { Selection } from './selection.ts'
import classes from './topology.module.css'

interface Props {
  graph: Graph
  edges: readonly GraphEdge[]
  /** the end that is not named; null names both */
  from: string | null
  onSelect(selection: Selection): void
}

/** A longer list is what tables are for. */
const SHOWN = 60

/** Measured tunnels, the worst first, then the slowest. */
export function TunnelList({ graph, edges, from, onSelect }: Props) {
  if (edges.length === 0) return <p className={classes.text}>No tunnel of it has been measured yet.</p>
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]))
  const order = edges
    .map((edge) => ({ edge, look: lookOf(edge) }))
    .sort(
      (left, right) =>
        LOOKS.indexOf(right.look) - LOOKS.indexOf(left.look) || (right.edge.rttMs ?? 0) - (left.edge.rttMs ?? 0),
    )
  return (
    <>
      <h3 className={classes.heading}>{edges.length === 1 ? 'Tunnel' : `Tunnels (${edges.length})`}</h3>
      <ul className={classes.list}>
        {order.slice(0, SHOWN).map(({ edge, look }) => (
          <li key={edge.id}>
            <button type="button" className={classes.row} onClick={() => onSelect({ kind: 'edge', id: edge.id })}>
              <StatusMark status={lookMark(look)} label={lookWords(look)} />
              <span>
                {from === null
                  ? `${names.get(edge.a)} ↔ ${names.get(edge.b)}`
                  : names.get(edge.a === from ? edge.b : edge.a)}
              </span>
              <span>{look === 'up' || look === 'lossy' ? formatMs(edge.rttMs) : lookWords(look).toLowerCase()}</span>
            </button>
          </li>
        ))}
      </ul>
      {edges.length > SHOWN && (
        <p className={classes.text}>and {edges.length - SHOWN} more: “Show as table” has them all.</p>
      )}
    </>
  )
}
