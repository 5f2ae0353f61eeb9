'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { parseAsInteger, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { useTRPC, useTRPCClient } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { paths } from '~/ui/paths.ts'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { sayFailure } from '~/ui/say.ts'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { type Status, StatusMark } from '~/ui/status-mark.tsx'
import classes from './access.module.css'
import type { PolicyDetail, Version } from './policy-shapes.ts'
import type { DraftPolicy } from './use-draft-policy.ts'
import { VersionCompare } from './version-compare.tsx'

type Props = { network: string; policy: PolicyDetail; draft: DraftPolicy; onReview: () => void }

const MARKS: Record<Version['state'], { status: Status; word: string }> = {
  holds: { status: 'good', word: 'holds' },
  'on-trial': { status: 'info', word: 'on trial' },
  past: { status: 'none', word: 'past' },
}

const SHOWN = 200

/** Every text that was saved: who, when, why; two of them compared; an older one brought back. */
export function VersionsTab({ network, policy, draft, onReview }: Props) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const whyNot = useWhyNot('admin')
  const versions = useQuery(trpc.policy.versions.queryOptions({ networkId: network, limit: SHOWN }))
  const [pair, setPair] = useQueryStates({ from: parseAsInteger, to: parseAsInteger }, { history: 'push' })
  const [restoring, setRestoring] = useState<number | null>(null)
  const restore = useMutation({
    mutationFn: (number: number) => client.policy.compare.query({ networkId: network, from: 0, to: number }),
    onMutate: setRestoring,
    onSuccess: ({ to }) => {
      draft.restore(to.number, to.text)
      onReview()
    },
    onError: (error) => sayFailure('Its text could not be read', error),
  })
  if (versions.isError && !versions.data) {
    return (
      <ErrorPanel
        title="The versions could not be read"
        error={versions.error}
        onRetry={() => void versions.refetch()}
      />
    )
  }
  if (!versions.data) return <SkeletonRows rows={4} height={52} />
  if (versions.data.length === 0) {
    return (
      <Empty
        title="No version yet"
        text="Each policy that is saved stands here with its text, who saved it, when and why."
        action={<ActionButton href={paths.access(network)}>Write the first policy</ActionButton>}
      />
    )
  }
  const running = policy.trial?.state === 'running'
  const whyNotRestore = (version: Version) =>
    whyNot ??
    (version.state === 'holds' ? 'This is what holds.' : null) ??
    (running ? 'A version is on trial: wait until it has ended.' : null) ??
    (draft.isChanged ? 'The text has changes that are not saved: review or discard them first.' : null)
  return (
    <>
      <Rows label="Versions">
        {versions.data.map((version) => (
          <RowItem
            key={version.number}
            title={`Version ${version.number}`}
            quiet={version.state === 'past'}
            about={
              <>
                {version.createdBy} <Ago at={version.createdAt} />
                {version.restoredFrom !== null && <> · the text of version {version.restoredFrom}</>}
                {version.comment && <> · {version.comment}</>}
              </>
            }
            state={
              <>
                <StatusMark status={MARKS[version.state].status} />
                {MARKS[version.state].word}
              </>
            }
            actions={
              <>
                <ActionButton
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`Compare version ${version.number}`}
                  onClick={() => void setPair({ from: version.number - 1, to: version.number })}
                >
                  Compare
                </ActionButton>
                <ActionButton
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`Restore version ${version.number}`}
                  why={whyNotRestore(version)}
                  loading={restore.isPending && restoring === version.number}
                  onClick={() => restore.mutate(version.number)}
                >
                  Restore
                </ActionButton>
              </>
            }
          />
        ))}
      </Rows>
      {pair.to !== null && (
        <div className={classes.compare}>
          <VersionCompare
            network={network}
            from={pair.from ?? 0}
            to={pair.to}
            numbers={versions.data.map(({ number }) => number)}
            onPair={(from, to) => void setPair({ from, to })}
            onClose={() => void setPair(null)}
          />
        </div>
      )}
    </>
  )
}
