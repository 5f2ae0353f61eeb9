'use client'

import { useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { Page } from '~/ui/page.tsx'
import { UrlTabs } from '~/ui/url-tabs.tsx'
import { DeleteNetwork } from './delete-network.tsx'
import { JoinKeys } from './join-keys.tsx'
import { Sites } from './sites.tsx'
import { TopologySettings } from './topology-settings.tsx'

type Props = { network: string; general: ReactNode }

export function NetworkSettings({ network, general }: Props) {
  const { data: row } = useSuspenseQuery(useTRPC().network.get.queryOptions({ id: network }))
  return (
    <Page title="Settings" lead={`${row.name}, ${row.cidr4}`} narrow>
      <UrlTabs
        label="Settings"
        tabs={[
          { name: 'general', label: 'General', content: () => general },
          { name: 'topology', label: 'Topology', content: () => <TopologySettings network={network} /> },
          { name: 'sites', label: 'Sites', content: () => <Sites network={network} /> },
          { name: 'join-keys', label: 'Join keys', content: () => <JoinKeys network={network} /> },
          { name: 'delete', label: 'Delete', content: () => <DeleteNetwork network={network} /> },
        ]}
      />
    </Page>
  )
}
