'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Page } from '~/ui/page.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { ClusterPage } from './cluster-page.tsx'
import { NoCluster } from './no-cluster.tsx'

// Most who come here have a cluster: the form's scripts come when it is wanted.
const MakeCluster = dynamic(() => import('./make-cluster.tsx').then((module) => module.MakeCluster), {
  ssr: false,
  loading: () => (
    <Page title="Make a cluster" lead=" " narrow>
      <SkeletonRows rows={6} height={64} />
    </Page>
  ),
})

/** Hints tell what was said; nobody tells of silence. What grows old stops being green by being asked again. */
const RENEW_MS = 5000

/** Is Kubernetes well, and is it the network's fault? */
export function ClusterView({ network }: { network: string }) {
  const query = useQuery(
    useTRPC().cluster.get.queryOptions(
      { networkId: network },
      { refetchInterval: ({ state }) => (state.data ? RENEW_MS : false) },
    ),
  )
  const [making, setMaking] = useQueryState('make', parseAsBoolean.withDefault(false))
  const whyNot = useWhyNot('admin')
  const cluster = query.data
  if (query.isError && cluster === undefined) {
    return (
      <Page title="Cluster">
        <ErrorPanel title="The cluster could not be read" error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    )
  }
  if (cluster === undefined) {
    return (
      <Page title="Cluster" lead=" ">
        <SkeletonRows rows={6} height={56} />
      </Page>
    )
  }
  if (cluster) return <ClusterPage network={network} cluster={cluster} />
  if (making && whyNot === null) return <MakeCluster network={network} onDone={() => void setMaking(null)} />
  return <NoCluster whyNot={whyNot} onMake={() => void setMaking(true, { history: 'push' })} />
}
