import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

/** Of a node's keys. */
export type Rotation = NonNullable<inferRouterOutputs<AppRouter>['node']['keys']['rotation']>
