'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { AppRouter } from '~/server-bridge.ts'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'

const InviteMember = dynamic(() => import('./invite-member.tsx').then((module) => module.InviteMember), { ssr: false })

type Invitation = inferRouterOutputs<AppRouter>['member']['invitations'][number]

/** Links by which people make accounts. Only who may make one sees them. */
export function Invitations() {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const { data: me } = useQuery(trpc.me.get.queryOptions({}))
  const isAdmin = me !== undefined && whyNot === null
  const links = useQuery(trpc.member.invitations.queryOptions({}, { enabled: isAdmin }))
  const [inviting, setInviting] = useState<'never' | 'open' | 'closed'>('never')
  const [revoking, setRevoking] = useState<Invitation | null>(null)
  const revoke = useMutation(
    trpc.member.revokeInvitation.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.member.pathKey() })
        setRevoking(null)
      },
    }),
  )
  return (
    <Section
      title="Invitations"
      text="A link by which one person makes an account of their own, with a password that nobody else knows."
      actions={
        <ActionButton variant="default" why={whyNot} onClick={() => setInviting('open')}>
          Invite by link
        </ActionButton>
      }
    >
      {isAdmin && links.isPending && <SkeletonRows rows={2} height={52} />}
      {links.isError && !links.data && (
        <ErrorPanel
          title="The invitations could not be read"
          error={links.error}
          onRetry={() => void links.refetch()}
        />
      )}
      {links.data?.length === 0 && <p>No link yet.</p>}
      {links.data && links.data.length > 0 && (
        <Rows label="Invitations">
          {links.data.map((link) => (
            <RowItem
              key={link.id}
              title={link.email ?? `Whoever has the link, as ${link.role}`}
              quiet={link.state !== 'open'}
              about={
                <>
                  {link.email && `${link.role} · `}made by {link.createdBy} <Ago at={link.createdAt} />
                </>
              }
              state={
                <>
                  <StatusMark status={link.state === 'open' ? 'good' : 'none'} />
                  <LinkState link={link} />
                </>
              }
              actions={
                link.state === 'open' && (
                  <ActionButton
                    size="compact-sm"
                    variant="subtle"
                    color="bad"
                    why={whyNot}
                    aria-label={`Revoke the invitation of ${nameOf(link)}`}
                    onClick={() => setRevoking(link)}
                  >
                    Revoke
                  </ActionButton>
                )
              }
            />
          ))}
        </Rows>
      )}
      {inviting !== 'never' && <InviteMember opened={inviting === 'open'} onClose={() => setInviting('closed')} />}
      <ConfirmDialog
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke the invitation of ${revoking ? nameOf(revoking) : ''}?`}
        verb="Revoke invitation"
        cut={['Nobody can make an account by this link any more.']}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoking && revoke.mutate({ id: revoking.id })}
      />
    </Section>
  )
}

const nameOf = ({ email, role }: Invitation): string => email ?? `a ${role}`

function LinkState({ link }: { link: Invitation }) {
  if (link.state === 'used') return <span>used by {link.usedBy}</span>
  if (link.state !== 'open') return <span>{link.state}</span>
  return (
    <span>
      ends <Ago at={link.expiresAt} />
    </span>
  )
}
