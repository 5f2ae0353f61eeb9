import { Button } from '@mantine/core'
import Link from 'next/link'
import { Mono } from '~/ui/mono.tsx'
import { Panel } from '~/ui/panel.tsx'
import { labelTexts } from '~/ui/parse-labels.ts'
import { paths } from '~/ui/paths.ts'
import { formatRate } from '~/ui/units.ts'
import { FactLine } from './fact-line.tsx'
import type { Graph, GraphNode } from './graph.ts'
import { PathTo } from './path-to.tsx'
import type { Selection } from './selection.ts'
import classes from './topology.module.css'
import { TunnelList } from './tunnel-list.tsx'

interface Props {
  network: string
  graph: Graph
  node: GraphNode
  onSelect(selection: Selection): void
  onClose(): void
}

const FACTS = [
  { name: 'reporting', title: 'Reports' },
  { name: 'tunnels', title: 'Tunnels' },
  { name: 'cluster', title: 'Cluster' },
] as const

/** The selected node: its three facts as sentences, and each of its tunnels. */
export function NodePanel({ network, graph, node, onSelect, onClose }: Props) {
  const edges = graph.edges.filter((edge) => edge.a === node.id || edge.b === node.id)
  const labels = labelTexts(node.labels)
  const invited = node.state === 'invited'
  return (
    <Panel
      title={node.name}
      label={`Node ${node.name}`}
      onClose={onClose}
      footer={
        <Button
          component={Link}
          href={invited ? paths.addNodeOf(network, node.id) : paths.node(network, node.id)}
          fullWidth
          variant="default"
        >
          {invited ? 'Continue with its line' : 'Open node'}
        </Button>
      }
    >
      {invited ? (
        <p className={classes.text}>Invited: no machine has joined by this name yet.</p>
      ) : (
        <dl className={classes.facts}>
          {FACTS.map(({ name, title }) => (
            <div key={name}>
              <dt>{title}</dt>
              <dd>
                <FactLine fact={node.facts[name]} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <dl className={classes.pairs}>
        <dt>Role</dt>
        <dd>{node.role}</dd>
        {node.state !== 'active' && (
          <>
            <dt>State</dt>
            <dd>{node.state}</dd>
          </>
        )}
        <dt>Site</dt>
        <dd>{node.siteName ?? 'none'}</dd>
        {labels.length > 0 && (
          <>
            <dt>Labels</dt>
            <dd>{labels.join(', ')}</dd>
          </>
        )}
        <dt>Address</dt>
        <dd>{node.address4 ? <Mono copy>{node.address4}</Mono> : 'given when it enrols'}</dd>
        {!invited && (
          <>
            <dt>In, out</dt>
            <dd>
              {formatRate(node.rxRate)}, {formatRate(node.txRate)}
            </dd>
          </>
        )}
      </dl>
      {!invited && <PathTo network={network} graph={graph} node={node} />}
      <TunnelList graph={graph} edges={edges} from={node.id} onSelect={onSelect} />
    </Panel>
  )
}
