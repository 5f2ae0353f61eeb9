import type { Metadata } from 'next'
import { Organization } from '~/features/organization/organization.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

export const metadata: Metadata = { title: 'Organization' }

export default async function OrganizationPage() {
  await prefetch(trpc.member.list.queryOptions({}))
  return (
    <HydrateClient>
      <Organization />
    </HydrateClient>
  )
}
