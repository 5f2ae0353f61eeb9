import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

type Policy = inferRouterOutputs<AppRouter>['policy']

export type PolicyDetail = Policy['get']
export type Trial = Policy['save']
export type Check = Policy['check']
export type Version = Policy['versions'][number]
export type Comparison = Policy['compare']
export type Activity = Policy['activity']
export type Drop = Activity['drops'][number]
export type Matrix = Policy['matrix']
export type ReachChange = Check['gained'][number]
