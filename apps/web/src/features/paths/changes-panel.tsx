'use client'

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Panel } from '~/ui/panel.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { ChangeList } from './change-list.tsx'
import classes from './paths.module.css'

type Props = { network: string; onAsk: (pair: readonly [string, string]) => void; onClose: () => void }

// One gateway that goes moves the ways of a whole site.
const FIRST = 100
const MOST = 200
const RENEW_MS = 5_000

/** Which paths changed lately, in the whole network, and why. */
export function ChangesPanel({ network, onAsk, onClose }: Props) {
  const [limit, setLimit] = useState(FIRST)
  const query = useQuery(
    useTRPC().paths.history.queryOptions(
      { network, limit },
      { refetchInterval: RENEW_MS, placeholderData: (before) => before },
    ),
  )
  const changes = query.data
  return (
    <Panel
      title="Changes of paths"
      label="Changes of paths"
      onClose={onClose}
      footer={
        changes &&
        changes.length >= limit &&
        limit < MOST && (
          <Button variant="default" fullWidth onClick={() => setLimit(MOST)} loading={query.isPlaceholderData}>
            Show older ones
          </Button>
        )
      }
    >
      {query.isError && !changes ? (
        <ErrorPanel title="The changes could not be read" error={query.error} onRetry={() => void query.refetch()} />
      ) : !changes ? (
        <SkeletonRows rows={6} height={44} />
      ) : changes.length === 0 ? (
        <p className={classes.quiet}>
          No path has changed yet. Each change stands here with its time and its cause: a way that died, a better one
          that was well for a while, another plan.
        </p>
      ) : (
        <ChangeList changes={changes} onAsk={onAsk} />
      )}
    </Panel>
  )
}
