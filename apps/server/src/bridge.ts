// What pages and sign-in, which run in this process behind Next, may ask of the server (apps/web/src/server-bridge.ts).
import { appRouter } from '@spanwire/api/router'
import { translateError } from '@spanwire/api/translate-error'
import type { Services } from '@spanwire/control/context'
import { SignIn, signIn } from '@spanwire/control/session/sign-in'
import type { ServerBridge } from '@spanwire/web/server-bridge'
import { callTRPCProcedure } from '@trpc/server'
import type { Log } from './log.ts'
import type { MakeContext } from './request-context.ts'
import { actorOf, type Door } from './session.ts'

export function makeBridge(services: Services, door: Door, makeContext: MakeContext, log: Log): ServerBridge {
  return {
    secret: door.secret,
    async call(path, type, input, headers) {
      const credentials = {
        authorization: undefined,
        cookie: headers.get('cookie') ?? undefined,
        https: headers.get('x-forwarded-proto') === 'https',
      }
      const ctx = await makeContext(() => actorOf(door, credentials), headers.get('x-spanwire-address'))
      return callTRPCProcedure({
        router: appRouter,
        path,
        type,
        ctx,
        getRawInput: async () => input,
        input,
        signal: undefined,
        batchIndex: 0,
      } as unknown as Parameters<typeof callTRPCProcedure>[0])
    },
    async signIn(email, password, address) {
      const input = SignIn.safeParse({ email, password })
      if (!input.success) return null
      try {
        const person = await signIn({ ...services, actor: { kind: 'nobody' }, address }, input.data)
        return person && { id: person.subject, name: person.name, email: person.email }
      } catch (error) {
        throw translateError(error, (cause, correlationId) => log.error(cause, { correlationId, path: 'sign-in' }))
      }
    },
  }
}
