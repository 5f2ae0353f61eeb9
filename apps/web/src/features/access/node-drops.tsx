'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useTRPC } from '~/trpc/client.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'

// Reads and writes policies: most nodes drop nothing, and their pages need none of it.
const NodeDropList = dynamic(() => import('./node-drop-list.tsx').then((module) => module.NodeDropList), {
  ssr: false,
  loading: () => <SkeletonRows rows={2} height={56} />,
})

const RENEW_MS = 15_000

/** What one machine dropped in the last hour, on its own page. Nothing stands here when it dropped nothing. */
export function NodeDrops({ network, node }: { network: string; node: string }) {
  const { data } = useQuery(
    useTRPC().policy.activity.queryOptions(
      { networkId: network, nodeId: node, hours: 1 },
      { refetchInterval: RENEW_MS },
    ),
  )
  if (!data || data.drops.length === 0) return null
  return (
    <Section title="Dropped here" text="What came to this machine in the last hour and no rule let in.">
      <NodeDropList network={network} drops={data.drops} more={data.moreDrops} />
    </Section>
  )
}
