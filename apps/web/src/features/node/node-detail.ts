import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

export type NodeDetail = inferRouterOutputs<AppRouter>['node']['get']
export type Peer = NodeDetail['peers'][number]
export type Series = inferRouterOutputs<AppRouter>['node']['series']
