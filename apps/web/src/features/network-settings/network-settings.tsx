'use client'

import { useSuspenseQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { Page } from '~/ui/page.tsx'
import { UrlTabs } from '~/ui/url-tabs.tsx'
import { DeleteNetwork } from './delete-network.tsx'
import { JoinKeys } from './join-keys.tsx'
import { PacketSizes } from './packet-sizes.tsx'
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
          { name: 'general', label: 'General', content: () => <General {...{ network, general }} mtu={row.mtu} /> },
          { name: 'topology', label: 'Topology', content: () => <TopologySettings network={network} /> },
          { name: 'sites', label: 'Sites', content: () => <Sites network={network} /> },
          { name: 'join-keys', label: 'Join keys', content: () => <JoinKeys network={network} /> },
          { name: 'delete', label: 'Delete', content: () => <DeleteNetwork network={network} /> },
        ]}
      />
    </Page>
  )
}

/** The form begins anew when the MTU was set beside it. */
function General({ network, general, mtu }: Props & { mtu: number }) {
  return (
    <>
      <Fragment key={mtu}>{general}</Fragment>
      <PacketSizes network={network} />
    </>
  )
}
