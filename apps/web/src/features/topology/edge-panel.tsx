import { Button } from '@mantine/core'
import Link from 'next/link'
import { Ago } from '~/ui/ago.tsx'
import { Panel } from '~/ui/panel.tsx'
import { paths } from '~/ui/paths.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs, formatPercent, formatRate } from '~/ui/units.ts'
import { tunnelName } from './canvas-words.ts'
import { lookMark, lookOf, lookWords } from './edge-look.ts'
import { EndView } from './end-view.tsx'
import type { Graph, GraphEdge } from './graph.ts'
import type { Selection } from './selection.ts'
import classes from './topology.module.css'

interface Props {
  network: string
  graph: Graph
  edge: GraphEdge
  onSelect(selection: Selection): void
  onClose(): void
}

/** The selected tunnel: the verdict and why, then what each of its ends says. */
export function EdgePanel({ network, graph, edge, onSelect, onClose }: Props) {
  const title = tunnelName(edge, graph)
  const look = lookOf(edge)
  const ends = [
    {
      node: graph.nodes.find(({ id }) => id === edge.a),
      peer: graph.nodes.find(({ id }) => id === edge.b),
      sees: edge.aSees,
    },
    {
      node: graph.nodes.find(({ id }) => id === edge.b),
      peer: graph.nodes.find(({ id }) => id === edge.a),
      sees: edge.bSees,
    },
  ]
  return (
    <Panel
      title={title}
      label={`Tunnel ${title}`}
      onClose={onClose}
      footer={
        <Button component={Link} href={paths.pathOf(network, edge.a, edge.b)} fullWidth variant="default">
          Why this path
        </Button>
      }
    >
      <p className={classes.verdict}>
        <StatusMark status={lookMark(look)} size={14} />
        {lookWords(look)}
      </p>
      {/* Of a living tunnel the lines below say the same, with ages that go on. */}
      {look !== 'up' && edge.text !== '' && <p className={classes.text}>{edge.text}.</p>}
      <dl className={classes.pairs}>
        <dt>Measured</dt>
        <dd>{edge.evidenceAt ? <Ago at={edge.evidenceAt} /> : 'never'}</dd>
        <dt>Round trip</dt>
        <dd>{formatMs(edge.rttMs)}</dd>
        <dt>Lost probes</dt>
        <dd>{formatPercent(edge.loss)}</dd>
        <dt>Traffic</dt>
        <dd>{formatRate(edge.rate)}, both ways</dd>
      </dl>
      {ends.map(
        ({ node, peer, sees }) =>
          node && (
            <EndView
              key={node.id}
              node={node}
              peer={peer?.name ?? 'the other end'}
              sees={sees}
              onOpen={() => onSelect({ kind: 'node', id: node.id })}
            />
          ),
      )}
    </Panel>
  )
}
