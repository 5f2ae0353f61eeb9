'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Page } from '~/ui/page.tsx'
import { paths } from '~/ui/paths.ts'
import { ClusterSection } from './cluster-section.tsx'
import { DrainNotice } from './drain-notice.tsx'
import { FactSentences } from './fact-sentences.tsx'
import { Identity } from './identity.tsx'
import { KeysNotice } from './keys-notice.tsx'
import { NodeActions } from './node-actions.tsx'
import { NodeCharts } from './node-charts.tsx'
import { NodeSkeleton } from './node-skeleton.tsx'
import classes from './node-view.module.css'
import { Peers } from './peers.tsx'
import { PendingChanges } from './pending-changes.tsx'
import { PreflightSection } from './preflight-section.tsx'
import { ProblemList } from './problem-list.tsx'
import { RoutesSection } from './routes-section.tsx'
import { SystemFacts } from './system-facts.tsx'

type Props = {
  network: string
  id: string
  /** its part of the activity log, from the feature that owns it */
  events: ReactNode
  /** what its rules dropped, likewise */
  drops: ReactNode
}

/** Hints tell what was said; nobody tells of silence. What grows old stops being green by being asked again. */
const RENEW_MS = 5000

/** What is wrong with this node, since when, why; then everything that is known of it. */
export function NodeView({ network, id, events, drops }: Props) {
  const query = useQuery(useTRPC().node.get.queryOptions({ id }, { refetchInterval: RENEW_MS }))
  const above = <Link href={paths.nodes(network)}>Nodes</Link>
  if (query.isError && isGone(query.error)) {
    return (
      <Empty
        as="h1"
        title="This node is gone"
        text="It was removed. Its machine takes down what it put up when it calls; the activity says who removed it."
        action={<ActionButton href={paths.nodes(network)}>Open nodes</ActionButton>}
      />
    )
  }
  if (query.isError && !query.data) {
    return (
      <Page title="Node" above={above}>
        <ErrorPanel title="The node could not be read" error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    )
  }
  const node = query.data
  if (!node) return <NodeSkeleton above={above} />
  return (
    <Page
      above={above}
      title={node.name}
      lead={[node.role, node.state === 'active' ? null : node.state, node.siteName].filter(Boolean).join(' · ')}
      actions={<NodeActions node={node} />}
    >
      <div className={classes.columns}>
        <div className={classes.main}>
          <div className={classes.notices}>
            <DrainNotice node={node} />
            <KeysNotice node={node} />
          </div>
          <ProblemList problems={node.problems} />
          <FactSentences facts={node.facts} />
          <PendingChanges node={node} />
          <div className={classes.rest}>
            {drops}
            <ClusterSection node={node} />
            <PreflightSection id={node.id} />
            <NodeCharts id={node.id} />
            <Peers node={node} />
            <RoutesSection node={node} />
            {events}
          </div>
        </div>
        <aside className={classes.side} aria-label="About this node">
          <Identity node={node} />
          <SystemFacts node={node} />
        </aside>
      </div>
    </Page>
  )
}

function isGone(error: unknown): boolean {
  return (error as { data?: { code?: string } }).data?.code === 'NOT_FOUND'
}
