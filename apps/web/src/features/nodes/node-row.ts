import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

export type NodeRow = inferRouterOutputs<AppRouter>['node']['list'][number]
export type NodeState = NodeRow['state']
