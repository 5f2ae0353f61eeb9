'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { Ago } from '~/ui/ago.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'

/** What each role may, in the order of the ladder. */
const may = {
  viewer: 'sees everything',
  operator: 'adds, changes and removes nodes and sites',
  admin: 'also creates and deletes networks and keys',
  owner: 'also decides who belongs here',
}

export function Members() {
  const members = useQuery(useTRPC().member.list.queryOptions({}))
  if (members.isPending) return <SkeletonRows rows={3} height={52} />
  if (members.isError) return <ErrorPanel title="The members could not be read" error={members.error} />
  return (
    <Section title="Members" text="Further accounts are made on the server, with npm run admin.">
      <Rows label="Members">
        {members.data.map((member) => (
          <RowItem
            key={member.userId}
            title={member.name}
            about={
              <>
                {member.email} · since <Ago at={member.createdAt} />
              </>
            }
            state={
              <span>
                <b>{member.role}</b>: {may[member.role]}
              </span>
            }
          />
        ))}
      </Rows>
    </Section>
  )
}
