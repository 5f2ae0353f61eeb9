import type { Context } from '@spanwire/control/context'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { expect, test } from 'vitest'
import { appRouter } from './router.ts'
import { type TwoTenants, twoTenants } from './two-tenants.ts'

test('a change arrives as a server-sent event, and losing the membership ends the stream with the reason', async () => {
  await using tenants = await twoTenants()
  const { world, own } = tenants
  const stream = await listen(tenants, world.viewer, { network: own.network })
  expect(stream.answer.headers.get('content-type')).toContain('text/event-stream')
  await stream.until(/event: connected/)
  world.services.hints.publish({ kind: 'node', network: own.network, node: own.gateway })
  await stream.until(/data: \{"kind":"node"/)
  const { actor } = world.viewer
  await world.db.prisma.membership.deleteMany({ where: { userId: actor.kind === 'person' ? actor.userId : '' } })
  world.services.hints.publish({ kind: 'membership', organization: world.organization.id })
  expect(await stream.until(/serialized-error/)).toContain('"code":"FORBIDDEN"')
  await stream.end()
})

test("another tenant's network is refused in the stream's first word", async () => {
  await using tenants = await twoTenants()
  const stream = await listen(tenants, tenants.world.viewer, { network: tenants.other.network })
  expect(await stream.until(/serialized-error/)).toContain('"code":"NOT_FOUND"')
  await stream.end()
})

test('who is not signed in hears that, and nothing else', async () => {
  await using tenants = await twoTenants()
  const stream = await listen(tenants, tenants.world.nobody, {})
  expect(await stream.until(/serialized-error/)).toContain('"code":"UNAUTHORIZED"')
  await stream.end()
})

async function listen(tenants: TwoTenants, control: Context, input: object) {
  const gone = new AbortController()
  const url = `https://spanwire.test/trpc/live.hints?input=${encodeURIComponent(JSON.stringify(input))}`
  const answer = await fetchRequestHandler({
    endpoint: '/trpc',
    router: appRouter,
    req: new Request(url, { headers: { accept: 'text/event-stream' }, signal: gone.signal }),
    createContext: () => tenants.context(control),
  })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    answer,
    /** All that came so far, once it holds the pattern. */
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(text)) {
        const { value, done } = (await reader?.read()) ?? { value: undefined, done: true }
        if (done) throw new Error(`the stream ended without ${pattern}: ${text}`)
        text += value
      }
      // The data of an event follows its name.
      if (!/\n\n$/.test(text)) text += (await reader?.read())?.value ?? ''
      return text
    },
    async end(): Promise<void> {
      gone.abort()
      await reader?.cancel().catch(() => {})
    },
  }
}
