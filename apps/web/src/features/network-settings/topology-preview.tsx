import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'
import { someNames } from '~/ui/some-names.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import classes from './topology-settings.module.css'

type Preview = inferRouterOutputs<AppRouter>['network']['previewTopology']
type TunnelEnds = Preview['nodes'][number]['appear']

/** Which tunnels appear and which go, node by node. */
export function TopologyPreview({ preview }: { preview: Preview }) {
  const { appear, go, nodes, changed, notes } = preview
  return (
    <>
      <p>{sentenceOf(appear, go, changed)}</p>
      <ul className={classes.notes}>
        {notes.map((note) => (
          <li key={note}>
            <StatusMark status="info" />
            {note}
          </li>
        ))}
      </ul>
      {nodes.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, also by keyboard
        <ul className={classes.nodes} tabIndex={0} aria-label="Nodes that change">
          {inOrder(nodes).map((node) => (
            <li key={node.id}>
              <b>{node.name}</b>
              {node.appear.length > 0 && (
                <span>
                  <span className={classes.sign}>+</span> {count(node.appear.length, 'tunnel')}: {namesOf(node.appear)}
                </span>
              )}
              {node.go.length > 0 && (
                <span>
                  <span className={classes.sign}>−</span> {count(node.go.length, 'tunnel')}: {namesOf(node.go)}
                </span>
              )}
            </li>
          ))}
          {changed > nodes.length && <li>and {count(changed - nodes.length, 'more node')}</li>}
        </ul>
      )}
    </>
  )
}

function sentenceOf(appear: number, go: number, changed: number): string {
  if (changed === 0) return 'No tunnel appears and none goes for the present nodes.'
  const parts = [appear > 0 && `${count(appear, 'tunnel')} would be tried`, go > 0 && `${count(go, 'tunnel')} would go`]
  return `${parts.filter(Boolean).join(', ')}, on ${count(changed, 'node')}.`
}

const inOrder = (nodes: Preview['nodes']): Preview['nodes'] => nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1))

const namesOf = (ends: TunnelEnds): string => someNames([...new Set(ends.map(({ peer }) => peer))].sort())
