import type { ApiContext } from '@spanwire/api/context'
import { translateError } from '@spanwire/api/translate-error'
import type { Actor, Services } from '@spanwire/control/context'
import type { Log } from './log.ts'

export type MakeContext = (find: () => Promise<Actor>, address: string | null) => Promise<ApiContext>

/** What a request of a person or a key brings into the router. */
export function contextMaker(services: Services, log: Log): MakeContext {
  const logError: ApiContext['logError'] = (error, { correlationId, path }) => log.error(error, { correlationId, path })
  return async (find, address) => {
    try {
      return {
        control: { ...services, actor: await find(), address },
        logError,
      }
    } catch (error) {
      throw translateError(error, (cause, correlationId) => logError(cause, { correlationId, path: 'session' }))
    }
  }
}
