import Link from 'next/link'
import { paths } from '~/ui/paths.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import type { ClusterNode } from './cluster-detail.ts'
import classes from './node-trouble.module.css'

/** whose reasons stand above the table */
const NAMED = 5

type Props = {
  network: string
  nodes: readonly ClusterNode[]
  /** what was said of a change that stopped: it is not said twice */
  told: string
}

/** Which nodes are not well, and why: what Kubernetes says, told with what the tunnels say. */
export function NodeTrouble({ network, nodes, told }: Props) {
  const troubled = nodes.flatMap((node) => {
    const trouble = troubleOf(node, told)
    return trouble ? [{ node, ...trouble }] : []
  })
  if (troubled.length === 0) return null
  return (
    <ul className={classes.trouble} aria-label="Nodes in trouble">
      {troubled.slice(0, NAMED).map(({ node, status, text, fix }) => (
        <li key={node.nodeId} className={classes.node} data-status={status}>
          <StatusMark status={status} size={14} />
          <div>
            <p>
              <Link href={paths.node(network, node.nodeId)} className={classes.name}>
                {node.nodeName}
              </Link>{' '}
              {ended(text)}
            </p>
            {fix && <p className={classes.fix}>{fix}</p>}
          </div>
        </li>
      ))}
      {troubled.length > NAMED && (
        <li className={classes.more}>and {troubled.length - NAMED} more, first in the table</li>
      )}
    </ul>
  )
}

type Trouble = { status: 'bad' | 'warn'; text: string; fix: string | null }

/** A node on its way out is in trouble only when it stands still. */
function troubleOf({ removal, failure, status, text }: ClusterNode, told: string): Trouble | null {
  if (removal) {
    const stuck = removal.find(({ state }) => state === 'failed')
    const fix = 'Repeat the step on its page, or go on without it.'
    return stuck ? { status: 'bad', text: `is on its way out and stands still at “${stuck.title}”`, fix } : null
  }
  if (failure) return told.includes(failure.text) ? null : { status: 'bad', text: failure.text, fix: failure.fix }
  return status === 'bad' || status === 'warn' ? { status, text: uncapital(text), fix: null } : null
}

/** It goes on after the name; what Kubernetes writes large stays so. */
const uncapital = (text: string): string => (/^(Ready|NotReady|INTERNAL)/.test(text) ? `is ${text}` : text)

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
