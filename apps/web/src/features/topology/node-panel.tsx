import { Button } from '@mantine/core'
import Link from 'next/link'
import { FactBadge } from '~/ui/fact-badge.tsx'
import { Mono } from '~/ui/mono.tsx'
import { Panel } from '~/ui/panel.tsx'
import { paths } from '~/ui/paths.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs, formatRate } from '~/ui/units.ts'
import { edgeMark } from './edge-words.ts'
import type { Graph, GraphNode } from './graph.ts'
import classes from './topology.module.css'
import type { Selection } from './topology-canvas.tsx'

interface Props {
  network: string
  graph: Graph
  node: GraphNode
  onSelect(selection: Selection): void
  onClose(): void
}

/** The selected node: its three facts as sentences, and each of its tunnels. */
export function NodePanel({ network, graph, node, onSelect, onClose }: Props) {
  const names = new Map(graph.nodes.map((each) => [each.id, each.name]))
  const edges = graph.edges.filter((edge) => edge.a === node.id || edge.b === node.id)
  return (
    <Panel
      title={node.name}
      label={`Node ${node.name}`}
      onClose={onClose}
      footer={
        <Button component={Link} href={paths.node(network, node.id)} fullWidth variant="default">
          Open node
        </Button>
      }
    >
      <ul className={classes.facts}>
        <li>
          <FactBadge name="reporting" fact={node.facts.reporting} />
        </li>
        <li>
          <FactBadge name="tunnels" fact={node.facts.tunnels} />
        </li>
        <li>
          <FactBadge name="cluster" fact={node.facts.cluster} />
        </li>
      </ul>
      <dl className={classes.pairs}>
        <dt>Role</dt>
        <dd>{node.role}</dd>
        <dt>Site</dt>
        <dd>{node.siteName ?? 'none'}</dd>
        <dt>Address</dt>
        <dd>{node.address4 ? <Mono copy>{node.address4}</Mono> : 'none yet: it has not enrolled'}</dd>
        <dt>In, out</dt>
        <dd>
          {formatRate(node.rxRate)} · {formatRate(node.txRate)}
        </dd>
      </dl>
      <h3 className={classes.heading}>{edges.length === 0 ? 'No tunnel measured yet' : `Tunnels (${edges.length})`}</h3>
      <ul className={classes.list}>
        {edges.slice(0, SHOWN).map((edge) => (
          <li key={edge.id}>
            <button type="button" className={classes.row} onClick={() => onSelect({ kind: 'edge', id: edge.id })}>
              <StatusMark status={edgeMark(edge)} label={edge.status} />
              <span>{names.get(edge.a === node.id ? edge.b : edge.a)}</span>
              <span>{formatMs(edge.rttMs)}</span>
            </button>
          </li>
        ))}
      </ul>
      {edges.length > SHOWN && (
        <p className={classes.text}>and {edges.length - SHOWN} more: the node’s page lists them all.</p>
      )}
    </Panel>
  )
}

const SHOWN = 60
