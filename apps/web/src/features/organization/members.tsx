'use client'

import { NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { type Role, useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { ConfirmDialog } from '~/ui/confirm-dialog.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { say, sayFailure } from '~/ui/say.ts'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { rolesUpTo, roleWords } from './role-words.ts'

const AddMember = dynamic(() => import('./add-member.tsx').then((module) => module.AddMember), { ssr: false })

type Member = { userId: string; name: string; email: string; role: Role }

export function Members() {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const { data: me } = useQuery(trpc.me.get.queryOptions({}))
  const members = useQuery(trpc.member.list.queryOptions({}))
  const [adding, setAdding] = useState<'never' | 'open' | 'closed'>('never')
  const [removing, setRemoving] = useState<Member | null>(null)
  const renew = () => cache.invalidateQueries({ queryKey: trpc.member.pathKey() })
  const setRole = useMutation(
    trpc.member.setRole.mutationOptions({
      onSuccess: () => say('The role is changed; it holds from their next click on.'),
      onError: (error) => sayFailure('The role stays as it was', error),
      onSettled: renew,
    }),
  )
  const remove = useMutation(
    trpc.member.remove.mutationOptions({ onSuccess: () => renew().then(() => setRemoving(null)) }),
  )
  const mayTouch = (member: Member) =>
    whyNot === null && member.userId !== me?.user.id && (me?.role === 'owner' || member.role !== 'owner')

  return (
    <Section
      title="Members"
      text="People who sign in here. What they change stands in the activity under their name."
      actions={
        <ActionButton why={whyNot} onClick={() => setAdding('open')}>
          Add member
        </ActionButton>
      }
    >
      {members.isPending && <SkeletonRows rows={3} height={52} />}
      {members.isError && (
        <ErrorPanel
          title="The members could not be read"
          error={members.error}
          onRetry={() => void members.refetch()}
        />
      )}
      {members.data && (
        <Rows label="Members">
          {members.data.map((member) => (
            <RowItem
              key={member.userId}
              title={member.userId === me?.user.id ? `${member.name} (you)` : member.name}
              about={
                <>
                  {member.email} · added <Ago at={member.createdAt} />
                </>
              }
              state={
                mayTouch(member) ? (
                  <NativeSelect
                    aria-label={`Role of ${member.name}`}
                    data={rolesUpTo(me?.role).map(({ value }) => value)}
                    value={member.role}
                    disabled={setRole.isPending}
                    title={roleWords[member.role]}
                    onChange={(event) =>
                      setRole.mutate({ userId: member.userId, role: event.currentTarget.value as Role })
                    }
                    w={120}
                  />
                ) : (
                  <span title={roleWords[member.role]}>{member.role}</span>
                )
              }
              actions={
                mayTouch(member) && (
                  <ActionButton
                    size="compact-sm"
                    variant="subtle"
                    color="bad"
                    aria-label={`Remove ${member.name}`}
                    onClick={() => setRemoving(member)}
                  >
                    Remove
                  </ActionButton>
                )
              }
            />
          ))}
        </Rows>
      )}
      {adding !== 'never' && <AddMember opened={adding === 'open'} onClose={() => setAdding('closed')} />}
      <ConfirmDialog
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove ${removing?.name ?? ''}?`}
        verb="Remove member"
        cut={[`${removing?.email ?? ''} can no longer sign in.`, 'Open sessions end at their next click.']}
        note="Networks, nodes and keys that they made stay as they are."
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => removing && remove.mutate({ userId: removing.userId })}
      />
    </Section>
  )
}
