// The routes of machines, walked: one that is added without a line here fails.
import { type NodeRequest, nothing } from '@spanwire/control/machine/answer'
import type { MachineDoors } from '@spanwire/control/machine/create-machine'
import { expect, test } from 'vitest'
import { settings } from '../env.ts'
import { countFailedTokens } from '../failed-tokens.ts'
import { makeFront } from '../front.ts'
import { makeLog } from '../log.ts'
import { nodeDoors } from './node.ts'

/** A route has no id in its path or its query: whose node it is, a secret says alone. */
const ROUTES = [
  'GET /join',
  'GET /node/v1/part/access',
  'GET /node/v1/part/delta',
  'GET /node/v1/part/k3s',
  'GET /node/v1/part/keys',
  'GET /node/v1/part/paths',
  'GET /node/v1/part/status',
  'GET /node/v1/script',
  'POST /node/v1/answer',
  'POST /node/v1/enrol',
  'POST /node/v1/preflight',
  'POST /node/v1/step',
  'POST /node/v1/sync',
]

test('there are no other routes for machines, and none takes an id', async () => {
  await using front = await doors()
  expect(front.routes.filter((route) => !route.startsWith('HEAD')).sort()).toEqual(ROUTES)
  expect(front.routes.join()).not.toMatch(/:|\*/)
})

test.each(ROUTES.filter((route) => route !== 'GET /join'))('%s asks the machine side who it is', async (route) => {
  await using front = await doors()
  const [method, url] = route.split(' ') as ['GET' | 'POST', string]
  const answer = await front.inject({
    ...{ method, url: `${url}?node=01900000-0000-7000-8000-000000000001` },
    headers: { authorization: 'Bearer swn_x', 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7' },
    ...(method === 'POST' && { payload: '{"node":"01900000-0000-7000-8000-000000000001"}' }),
  })
  expect(answer.headers['spanwire-protocol']).toBe('1')
  expect(front.asked).toHaveLength(1)
  expect(front.asked[0]).toMatchObject({ authorization: 'Bearer swn_x', address: '127.0.0.1' })
})

test('a body that says to be JSON or a form, is bytes to these doors', async () => {
  await using front = await doors()
  for (const type of ['application/json', 'multipart/form-data', 'text/html', 'application/x-www-form-urlencoded']) {
    const answer = await front.inject({
      ...{ method: 'POST', url: '/node/v1/sync', headers: { 'content-type': type }, payload: '{' },
    })
    expect([type, answer.statusCode]).toEqual([type, 204])
  }
  for (const { body } of front.asked) expect(String(body)).toBe('{')
})

test('a bug behind a door is 500 in the form of the protocol, and says nothing of itself', async () => {
  await using front = await doors(() => {
    throw new Error('password=hunter2')
  })
  const answer = await front.inject({ method: 'POST', url: '/node/v1/sync', payload: '' })
  expect([answer.statusCode, answer.headers['spanwire-protocol']]).toEqual([500, '1'])
  expect(answer.body).toMatch(/^error unavailable\n/)
  expect(answer.body).not.toMatch(/hunter2/)
})

async function doors(say = () => nothing) {
  const asked: NodeRequest[] = []
  const told = async (request: NodeRequest) => {
    asked.push(request)
    return say()
  }
  const machine: MachineDoors = {
    ...{
      join: () => nothing,
      script: told,
      enrol: told,
      sync: told,
      step: told,
      answer: told,
      part: told,
      accessPart: told,
      pathsPart: told,
      keysPart: told,
      deltaPart: told,
      statusPart: told,
    },
    preflight: told,
    ...{ flush: async () => {}, waiting: 0, close: async () => {} },
  }
  const front = makeFront(settings({ data: '/nowhere' }), null, makeLog('silent'))
  const routes: string[] = []
  front.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one} ${url}`)
  })
  const counters = { syncs: { inc() {} }, bundleBytes: { inc() {} } } as unknown as Parameters<typeof nodeDoors>[3]
  nodeDoors(front, machine, countFailedTokens(), counters, makeLog('silent'))
  await front.ready()
  return {
    asked,
    routes,
    inject: front.inject.bind(front) as (typeof front)['inject'],
    [Symbol.asyncDispose]: () => front.close(),
  }
}
