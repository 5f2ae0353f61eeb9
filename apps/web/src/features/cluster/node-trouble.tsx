import Link from 'next/link'
import { paths } from '~/ui/paths.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import type { ClusterNode } from './cluster-detail.ts'
import classes from './node-trouble.module.css'

/** whose reasons stand above the table */
const NAMED = 5

type Props = { network: string; nodes: readonly ClusterNode[] }

/** Which nodes are not well, and why: what Kubernetes says, told with what the tunnels say. */
export function NodeTrouble({ network, nodes }: Props) {
  const troubled = nodes.filter(({ status, failure }) => failure !== null || status === 'bad' || status === 'warn')
  if (troubled.length === 0) return null
  return (
    <ul className={classes.trouble} aria-label="Nodes in trouble">
      {troubled.slice(0, NAMED).map((node) => (
        <li key={node.nodeId} className={classes.node} data-status={node.failure ? 'bad' : node.status}>
          <StatusMark status={node.failure ? 'bad' : node.status} size={14} />
          <div>
            <p>
              <Link href={paths.node(network, node.nodeId)} className={classes.name}>
                {node.nodeName}
              </Link>{' '}
              {node.failure ? ended(node.failure.text) : ended(uncapital(node.text))}
            </p>
            {node.failure && <p className={classes.fix}>{node.failure.fix}</p>}
          </div>
        </li>
      ))}
      {troubled.length > NAMED && (
        <li className={classes.more}>and {troubled.length - NAMED} more, first in the table</li>
      )}
    </ul>
  )
}

/** It goes on after the name; what Kubernetes writes large stays so. */
const uncapital = (text: string): string => (/^(Ready|NotReady|INTERNAL)/.test(text) ? `is ${text}` : text)

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
