import type { PathCell } from '@spanwire/mesh/paths/packed-cells'
import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

type Outputs = inferRouterOutputs<AppRouter>['paths']

export type PackedMatrix = Outputs['matrix']
export type Cell = PathCell
export type MatrixRow = Omit<PackedMatrix['rows'][number], 'site'> & {
  readonly siteId: string | null
  readonly siteName: string | null
}
export type Matrix = Pick<PackedMatrix, 'network' | 'by' | 'at'> & {
  readonly rows: readonly MatrixRow[]
  readonly cells: readonly Cell[]
}
export type { PathKind } from '@spanwire/mesh/paths/path-kind'
export type LinkStatus = Cell['status']
export type Explained = Outputs['explain']
export type Direction = Explained['there']
export type Change = Outputs['history'][number]
