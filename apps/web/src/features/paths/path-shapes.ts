import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

type Outputs = inferRouterOutputs<AppRouter>['paths']

export type Matrix = Outputs['matrix']
export type Cell = Matrix['cells'][number]
export type MatrixRow = Matrix['rows'][number]
export type PathKind = Cell['kind']
export type LinkStatus = Cell['status']
export type Explained = Outputs['explain']
export type Direction = Explained['there']
export type Change = Outputs['history'][number]
