import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

export type ClusterRow = NonNullable<inferRouterOutputs<AppRouter>['cluster']['get']>['nodes'][number]
export type Failure = NonNullable<ClusterRow['failure']>
export type RemovalStep = NonNullable<ClusterRow['removal']>[number]
