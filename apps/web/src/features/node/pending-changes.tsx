'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { Ago } from '~/ui/ago.tsx'
import { Notice } from '~/ui/notice.tsx'
import { Section } from '~/ui/section.tsx'
import type { NodeDetail } from './node-detail.ts'
import classes from './node-view.module.css'

/** What a node has not taken yet; nothing while it is up to date, or has never been in. */
export function PendingChanges({ node }: { node: NodeDetail }) {
  const { id, revision } = node
  const isWaiting = !revision.current && revision.applied !== null
  const { data } = useQuery(useTRPC().node.pending.queryOptions({ id }, { enabled: isWaiting }))
  if (!isWaiting || !data || data.revision.current) return null
  return (
    <div className={classes.waiting}>
      <Section title="Waiting to be applied">
        <Notice status="info">
          {data.text} It has revision {revision.applied}, the network is at {revision.desired}
          {data.heardAt && (
            <>
              ; last heard <Ago at={data.heardAt} />
            </>
          )}
          .
        </Notice>
      </Section>
    </div>
  )
}
