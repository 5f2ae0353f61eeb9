import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

export type NetworkRow = inferRouterOutputs<AppRouter>['network']['list'][number]
