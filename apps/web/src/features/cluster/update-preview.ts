import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'

export type UpdatePreview = inferRouterOutputs<AppRouter>['cluster']['previewUpdate']
export type Change = UpdatePreview['steps'][number]['changes'][number]

/** What a change does to the node that takes it. */
export const EFFECTS: Record<Change['effect'], string> = {
  restart: 'k3s starts again; pods go on',
  cut: 'k3s starts again; pods are cut off from other nodes until all have it',
  api: 'set through the API; nothing starts again',
  never: 'cannot be changed',
}
