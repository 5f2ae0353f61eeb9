'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago, useNow } from '~/ui/ago.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { joinKeyState } from './join-key-state.ts'

const CreateJoinKey = dynamic(() => import('./create-join-key.tsx').then((module) => module.CreateJoinKey), {
  ssr: false,
})

export function JoinKeys({ network }: { network: string }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const now = useNow()
  const { data: keys, isPending, error, refetch } = useQuery(trpc.joinKey.list.queryOptions({ network }))
  const [creating, setCreating] = useState<'never' | 'open' | 'closed'>('never')
  const [revoking, setRevoking] = useState<{ id: string; name: string; uses: number } | null>(null)
  const revoke = useMutation(
    trpc.joinKey.revoke.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.joinKey.pathKey() })
        setRevoking(null)
      },
    }),
  )

  return (
    <Section
      title="Join keys"
      text="One line for many machines: golden images, autoscaling. Each key ends by uses and by time, whichever comes first."
      actions={
        <ActionButton why={whyNot} onClick={() => setCreating('open')}>
          Create join key
        </ActionButton>
      }
    >
      {isPending && <SkeletonRows rows={3} height={52} />}
      {error && <ErrorPanel title="The keys could not be read" error={error} onRetry={() => void refetch()} />}
      {keys?.length === 0 && <p>No join key yet. A single machine needs none: use “Add node”.</p>}
      {keys && keys.length > 0 && (
        <Rows label="Join keys">
          {keys.map((key) => {
            const state = joinKeyState(key, now)
            return (
              <RowItem
                key={key.id}
                title={key.name}
                quiet={!state.open}
                about={
                  <>
                    made by {key.createdBy} <Ago at={key.createdAt} /> · {key.uses} of {key.maxUses} used
                    {key.tags.length > 0 && ` · ${key.tags.map((tag) => `tag:${tag}`).join(', ')}`}
                  </>
                }
                state={
                  <>
                    <StatusMark status={state.open ? 'good' : 'none'} />
                    {state.open ? (
                      <span>
                        ends <Ago at={key.expiresAt} />
                      </span>
                    ) : (
                      state.text
                    )}
                  </>
                }
                actions={
                  state.open && (
                    <ActionButton
                      size="compact-sm"
                      variant="subtle"
                      color="bad"
                      why={whyNot}
                      aria-label={`Revoke ${key.name}`}
                      onClick={() => setRevoking(key)}
                    >
                      Revoke
                    </ActionButton>
                  )
                }
              />
            )
          })}
        </Rows>
      )}
      {creating !== 'never' && (
        <CreateJoinKey network={network} opened={creating === 'open'} onClose={() => setCreating('closed')} />
      )}
      <ConfirmDialog
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke the join key ${revoking?.name ?? ''}?`}
        verb="Revoke join key"
        cut={['Machines that have its line can no longer join with it.']}
        note="Nodes that joined with it stay."
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking && revoke.mutate({ id: revoking.id })}
      />
    </Section>
  )
}
