/** A range behind a node. */
import { z } from 'zod'
import type { NodeRoute } from '../db.ts'

export const RouteState = z.enum(['offered', 'approved', 'refused'])

export const RouteRow = z
  .object({
    nodeId: z.string(),
    nodeName: z.string(),
    prefix: z.string(),
    state: RouteState,
    offeredBy: z.string(),
    offeredAt: z.string(),
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
    /** what somebody who decides should know: whose own LAN it is too */
    notes: z.array(z.string()),
  })
  .meta({ id: 'RouteRow' })
export type RouteRow = z.infer<typeof RouteRow>

export const toRouteRow = (route: NodeRoute, nodeName: string, notes: readonly string[]): RouteRow => ({
  nodeId: route.nodeId,
  nodeName,
  prefix: route.prefix,
  state: RouteState.parse(route.state),
  offeredBy: route.offeredBy,
  offeredAt: route.offeredAt.toISOString(),
  decidedBy: route.decidedBy,
  decidedAt: route.decidedAt?.toISOString() ?? null,
  notes: [...notes],
})
