/** The one tRPC instance: what a procedure says about itself, and how an error looks outside. */
import { initTRPC } from '@trpc/server'
import type { OpenApiMeta } from 'trpc-to-openapi'
import type { ApiContext } from './context.ts'
import { errorDetail } from './translate-error.ts'

export type ProcedureRole = 'public' | 'viewer' | 'operator' | 'admin' | 'owner'

export type Meta = OpenApiMeta<{ role?: ProcedureRole }>

export const t = initTRPC
  .context<ApiContext>()
  .meta<Meta>()
  .create({
    errorFormatter({ shape, error }) {
      const { message, ...detail } = errorDetail(error)
      // Stack and cause stay inside; what tells a person the way out goes with the code.
      return { ...shape, message, data: { code: shape.data.code, httpStatus: shape.data.httpStatus, ...detail } }
    },
    // Proxies close what is silent for a minute; the page says "reconnecting" long before.
    sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 25_000 } },
  })
