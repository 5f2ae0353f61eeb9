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
import { Mono } from '~/ui/mono.tsx'
import { Notice } from '~/ui/notice.tsx'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'

const CreateApiKey = dynamic(() => import('./create-api-key.tsx').then((module) => module.CreateApiKey), { ssr: false })

export function ApiKeys() {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const now = useNow()
  const keys = useQuery(trpc.apiKey.list.queryOptions({}, { enabled: whyNot === null }))
  const [creating, setCreating] = useState<'never' | 'open' | 'closed'>('never')
  const [revoking, setRevoking] = useState<{ id: string; name: string } | null>(null)
  const revoke = useMutation(
    trpc.apiKey.revoke.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.apiKey.pathKey() })
        setRevoking(null)
      },
    }),
  )

  return (
    <Section
      title="API keys"
      text={
        <>
          A script’s way in: <Mono>Authorization: Bearer swk_…</Mono> at <Mono>/api/v1</Mono>.
        </>
      }
      actions={
        <ActionButton why={whyNot} onClick={() => setCreating('open')}>
          Create API key
        </ActionButton>
      }
    >
      {whyNot && <Notice status="none">{whyNot}</Notice>}
      {!whyNot && keys.isPending && <SkeletonRows rows={3} height={52} />}
      {keys.isError && (
        <ErrorPanel title="The keys could not be read" error={keys.error} onRetry={() => void keys.refetch()} />
      )}
      {keys.data?.length === 0 && <p>No key yet. A key has a role and an end, and is shown once.</p>}
      {keys.data && keys.data.length > 0 && (
        <Rows label="API keys">
          {keys.data.map((key) => {
            const ended = now !== null && Date.parse(key.expiresAt) <= now
            const open = !key.revokedAt && !ended
            return (
              <RowItem
                key={key.id}
                quiet={!open}
                title={
                  <>
                    {key.name} <Mono>{`swk_${key.hint}…`}</Mono>
                  </>
                }
                about={
                  <>
                    {key.role} · made by {key.createdBy} <Ago at={key.createdAt} /> ·{' '}
                    {key.lastUsedAt ? (
                      <>
                        used <Ago at={key.lastUsedAt} />
                      </>
                    ) : (
                      'never used'
                    )}
                  </>
                }
                state={
                  <>
                    <StatusMark status={open ? 'good' : 'none'} />
                    {key.revokedAt ? (
                      'revoked'
                    ) : (
                      <span>
                        {ended ? 'ended ' : 'ends '}
                        <Ago at={key.expiresAt} />
                      </span>
                    )}
                  </>
                }
                actions={
                  open && (
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
      {creating !== 'never' && <CreateApiKey opened={creating === 'open'} onClose={() => setCreating('closed')} />}
      <ConfirmDialog
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke the API key ${revoking?.name ?? ''}?`}
        verb="Revoke API key"
        cut={['Every script that uses it is refused from now on.']}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking && revoke.mutate({ id: revoking.id })}
      />
    </Section>
  )
}
