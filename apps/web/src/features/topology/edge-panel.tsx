import { Ago } from '~/ui/ago.tsx'
import { Panel } from '~/ui/panel.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs, formatPercent, formatRate } from '~/ui/units.ts'
import { edgeMark, edgeWord } from './edge-words.ts'
import type { Graph, GraphEdge } from './graph.ts'
import classes from './topology.module.css'
import type { Selection } from './topology-canvas.tsx'

interface Props {
  graph: Graph
  edge: GraphEdge
  onSelect(selection: Selection): void
  onClose(): void
}

/** The selected tunnel: what was measured, by whom, how long ago. */
export function EdgePanel({ graph, edge, onSelect, onClose }: Props) {
  const ends = [edge.a, edge.b].map((id) => graph.nodes.find((node) => node.id === id))
  const title = ends.map((node) => node?.name ?? '?').join(' ↔ ')
  return (
    <Panel title={title} label={`Tunnel ${title}`} onClose={onClose}>
      <ul className={classes.facts}>
        <li>
          <StatusMark status={edgeMark(edge)} label={edge.status} /> {edgeWord(edge)}
        </li>
      </ul>
      <p className={classes.text}>{edge.text}</p>
      <dl className={classes.pairs}>
        <dt>Measured</dt>
        <dd>{edge.evidenceAt ? <Ago at={edge.evidenceAt} /> : 'never'}</dd>
        <dt>Round trip</dt>
        <dd>{formatMs(edge.rttMs)}</dd>
        <dt>Lost probes</dt>
        <dd>{formatPercent(edge.loss)}</dd>
        <dt>Traffic, both ways</dt>
        <dd>{formatRate(edge.rate)}</dd>
      </dl>
      <h3 className={classes.heading}>Ends</h3>
      <ul className={classes.list}>
        {ends.map(
          (node) =>
            node && (
              <li key={node.id}>
                <button type="button" className={classes.row} onClick={() => onSelect({ kind: 'node', id: node.id })}>
                  <StatusMark status={node.facts.tunnels.status} label={node.facts.tunnels.text} />
                  <span>{node.name}</span>
                  <span>{node.role}</span>
                </button>
              </li>
            ),
        )}
      </ul>
    </Panel>
  )
}
