'use client'

import { useSuspenseQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { Page } from '~/ui/page.tsx'
import { UrlTabs } from '~/ui/url-tabs.tsx'
import { ApiKeys } from './api-keys.tsx'
import { Invitations } from './invitations.tsx'
import { Members } from './members.tsx'

export function Organization() {
  const { data: me } = useSuspenseQuery(useTRPC().me.get.queryOptions({}))
  return (
    <Page title="Organization" lead={me.organization.name} narrow>
      <UrlTabs
        label="Organization"
        tabs={[
          {
            name: 'members',
            label: 'Members',
            content: () => (
              <>
                <Members />
                <Invitations />
              </>
            ),
          },
          { name: 'api-keys', label: 'API keys', content: () => <ApiKeys /> },
        ]}
      />
    </Page>
  )
}
