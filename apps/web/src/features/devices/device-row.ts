import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

type Device = inferRouterOutputs<AppRouter>['device']

export type DeviceRow = Device['list'][number]
export type DeviceConfig = Device['config']
