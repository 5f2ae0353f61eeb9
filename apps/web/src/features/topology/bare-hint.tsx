import type { ReactNode } from 'react'
import { ActionButton } from '~/ui/action-button.tsx'
import type { Graph } from './graph.ts'
import classes from './topology.module.css'

interface Props {
  graph: Graph
  kept: ReadonlySet<string> | null
  onAll(): void
  action: ReactNode
}

/** Where the picture is bare: why, and the next step. */
export function BareHint({ graph, kept, onAll, action }: Props) {
  if (kept?.size === 0) {
    return (
      <div className={classes.hint}>
        <p>No node fits the filter.</p>
        <ActionButton variant="default" onClick={onAll}>
          Show all
        </ActionButton>
      </div>
    )
  }
  if (graph.nodes.length !== 1) return null
  return (
    <div className={classes.hint}>
      <p>One node so far. With a second one there is a tunnel to measure.</p>
      {action}
    </div>
  )
}
