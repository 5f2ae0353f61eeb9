import { Validator } from '@seriousme/openapi-schema-validator'
import type { Context } from '@spanwire/control/context'
import { Refusal } from '@spanwire/control/refusal'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { exampleInputs, LONG_QUESTIONS, OWN_THINGS } from './example-inputs.ts'
import { openApiDocument } from './openapi.ts'
import { outcome, procedures, type Walked } from './procedures.ts'
import { handleRest } from './rest.ts'
import { RestError } from './rest-error.ts'
import { restRequest, restRoutes } from './rest-request.ts'
import { translateError } from './translate-error.ts'
import { type TwoTenants, twoTenants } from './two-tenants.ts'

const WITHOUT_ROUTE = ['setup.state', 'setup.createOwner', 'member.invitation', 'member.accept', 'live.hints']

test('every procedure has a route but those of the first visit, of who was invited, and the stream', () => {
  const without = procedures.filter(({ openapi }) => openapi === null).map(({ name }) => name)
  expect(without).toEqual(WITHOUT_ROUTE)
})

test('the document is valid OpenAPI 3.1 and has every route, behind a key', async () => {
  const document = openApiDocument('https://spanwire.test')
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
  expect(document.openapi).toBe('3.1.0')
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
  )
  expect(operations.map(({ route }) => route).sort()).toEqual(
    restRoutes.map(({ openapi }) => `${openapi?.method} ${openapi?.path}`).sort(),
  )
  for (const { operation } of operations) expect(operation.security).toEqual([{ apiKey: [] }])
})

test('two routes of one shape name their parameters alike', () => {
  const shapes = new Map<string, string>()
  for (const { openapi } of restRoutes) {
    const path = openapi?.path ?? ''
    const shape = path.replaceAll(/\{\w+\}/g, '{}')
    expect(shapes.get(shape) ?? path).toBe(path)
    shapes.set(shape, path)
  }
})

test('every route answers its owner, reads first and deletions last', { timeout: 240_000 }, async () => {
  await using tenants = await twoTenants()
  const answers: Record<string, string> = {}
  for (const route of restRoutes) {
    const { status, body } = await send(
      tenants,
      route,
      tenants.world.owner,
      exampleInputs[route.name]?.input(tenants.own),
    )
    answers[route.name] = status === 200 ? '200' : `${status} ${JSON.stringify(body)}`
  }
  expect(answers).toEqual(Object.fromEntries(restRoutes.map(({ name }) => [name, '200'])))
  expect(tenants.logged).toEqual([])
})

test("another tenant's ids are 404 on every route that takes one, and change nothing", async () => {
  await using tenants = await twoTenants()
  const { world, own, other } = tenants
  const answers: Record<string, number> = {}
  for (const route of restRoutes) {
    const example = exampleInputs[route.name]
    const names = JSON.stringify(example?.input(own)) !== JSON.stringify(example?.input(other))
    if (!names) continue
    answers[route.name] = (await send(tenants, route, world.owner, example?.input(other))).status
    if (example?.mixed)
      answers[`${route.name}, mixed`] = (await send(tenants, route, world.owner, example.mixed(own, other))).status
  }
  expect(Object.keys(answers).length).toBeGreaterThan(25)
  expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, 404])))
  const node = procedures.find(({ name }) => name === 'node.get')
  expect(node && (await outcome(tenants.context(world.stranger), node, { id: other.gateway }))).toBe('OK')
})

test('no key is 401, a viewer is 403 on every write that is not about what is its own, on every route', async () => {
  await using tenants = await twoTenants()
  const { world, own } = tenants
  for (const route of restRoutes) {
    const input = exampleInputs[route.name]?.input(own)
    expect([route.name, (await send(tenants, route, world.nobody, input)).status]).toEqual([route.name, 401])
    if (route.type !== 'mutation' || [...OWN_THINGS, ...LONG_QUESTIONS].includes(route.name)) continue
    expect([route.name, (await send(tenants, route, world.viewer, input)).status]).toEqual([route.name, 403])
  }
})

test('a refusal says what to do, and wrong input says where', async () => {
  await using tenants = await twoTenants()
  const { world, own } = tenants
  const create = named('site.create')
  await send(tenants, create, world.owner, { networkId: own.network, name: 'attic' })
  const again = await send(tenants, create, world.owner, { networkId: own.network, name: 'attic' })
  expect(again).toMatchObject({ status: 409, body: { code: 'CONFLICT', message: expect.any(String) } })
  const wrong = await send(tenants, create, world.owner, { networkId: 'x', name: 'attic' })
  expect(wrong.status).toBe(400)
  expect(wrong.body).toMatchObject({
    message: expect.stringContaining('networkId: '),
    issues: [{ path: 'networkId', message: expect.any(String) }],
  })
})

test('a database that is away is 503 with a sentence; anything else unexpected is 500 with a number for the log', async () => {
  await using tenants = await twoTenants()
  const { world, own } = tenants
  const list = named('node.list')
  const away = await send(
    tenants,
    list,
    breaking(world.owner, Object.assign(new Error('no'), { code: 'ECONNREFUSED' })),
    {
      network: own.network,
    },
  )
  expect(away).toMatchObject({
    status: 503,
    retryAfter: '5',
    body: { code: 'SERVICE_UNAVAILABLE', reason: 'database-away', retryAfterSeconds: 5 },
  })
  expect(tenants.logged).toEqual([])
  const bug = new Error('password=hunter2 at /srv/secret.ts')
  const broken = await send(tenants, list, breaking(world.owner, bug), { network: own.network })
  expect(broken.status).toBe(500)
  const { correlationId } = RestError.parse(broken.body)
  expect(correlationId).toMatch(/^[0-9a-f]{8}$/)
  expect(JSON.stringify(broken.body)).not.toMatch(/hunter2|secret/)
  expect(tenants.logged).toEqual([bug])
})

test('a path that is none is 404, and so is a method that it does not have', async () => {
  await using tenants = await twoTenants()
  const context = async () => tenants.context(tenants.world.owner)
  for (const [method, path] of [
    ['GET', 'nothing'],
    ['PUT', 'networks'],
    ['POST', 'trpc/node.list'],
  ] as const) {
    const answer = await handleRest(new Request(`https://spanwire.test/api/v1/${path}`, { method }), context)
    expect([path, answer.status]).toEqual([path, 404])
    expect(RestError.parse(await answer.json()).code).toBe('NOT_FOUND')
  }
})

test('too many tries say when to come back', async () => {
  const slow = new Refusal('TOO_MANY_REQUESTS', 'too many tries', { retryAfterSeconds: 7 })
  const request = new Request('https://spanwire.test/api/v1/me')
  const answer = await handleRest(request, async () => {
    throw translateError(slow, () => {})
  })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7'])
})

test('a body that is no JSON is 400', async () => {
  await using tenants = await twoTenants()
  const request = new Request('https://spanwire.test/api/v1/sites', {
    method: 'POST',
    body: '{"name":',
    headers: { 'content-type': 'application/json' },
  })
  const answer = await handleRest(request, async () => tenants.context(tenants.world.owner))
  expect(answer.status).toBe(400)
  expect(RestError.parse(await answer.json()).issues).toEqual([])
})

test('a POST without a body or a type is understood', async () => {
  await using tenants = await twoTenants()
  const request = new Request(`https://spanwire.test/api/v1/nodes/${tenants.own.gateway}/pause`, { method: 'POST' })
  const answer = await handleRest(request, async () => tenants.context(tenants.world.operator))
  expect(answer.status).toBe(200)
})

function breaking(control: Context, error: Error): Context {
  const query = () => Promise.reject(error)
  return { ...control, db: { ...control.db, pool: { query } as unknown as Context['db']['pool'] } }
}

function named(name: string): Walked {
  const found = procedures.find((procedure) => procedure.name === name)
  if (!found) throw new Error(`there is no ${name}`)
  return found
}

async function send(tenants: TwoTenants, route: Walked, control: Context, input: Record<string, unknown> = {}) {
  const request = restRequest('https://spanwire.test', route, input)
  const answer = await handleRest(request, async () => tenants.context(control))
  const body: unknown = await answer.json()
  // Whatever is refused says so in the shape that the document promises.
  if (!answer.ok) z.strictObject(RestError.shape).parse(body)
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body }
}
