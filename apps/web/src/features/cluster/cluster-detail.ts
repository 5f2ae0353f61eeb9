import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

type Cluster = inferRouterOutputs<AppRouter>['cluster']

export type ClusterDetail = NonNullable<Cluster['get']>
export type ClusterNode = ClusterDetail['nodes'][number]
export type Settings = ClusterDetail['settings']
export type Finding = ClusterDetail['findings'][number]
export type Rollout = NonNullable<ClusterDetail['rollout']>
