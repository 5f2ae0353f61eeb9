import { expect, test } from 'vitest'
import { settings } from './env.ts'
import { makeFront, originOf } from './front.ts'
import { makeLog } from './log.ts'

/** What a stranger would like a server to believe. */
const LIES = {
  forwarded: 'for=198.51.100.7;proto=https;host=evil.example',
  'x-forwarded-for': '198.51.100.7',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-real-ip': '198.51.100.7',
  'x-spanwire-address': '198.51.100.7',
  'x-nonce': 'mine',
  'x-middleware-subrequest': 'middleware',
  'x-invoke-path': '/settings',
  'content-security-policy': "script-src 'unsafe-inline'",
}

test('without trusted proxies the socket alone says who asks, whatever the headers say: tries are counted by it', async () => {
  const { origin, headers } = await seen([], '203.0.113.9')
  expect(origin).toEqual({ address: '203.0.113.9', host: 'spanwire.test', https: false })
  expect(headers).toEqual({
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'spanwire.test',
    'x-forwarded-proto': 'http',
    'x-spanwire-address': '203.0.113.9',
  })
})

test('a trusted proxy says for whom it asks; nobody else does', async () => {
  expect((await seen(['10.0.0.0/8'], '10.1.2.3')).origin).toEqual({
    ...{ address: '198.51.100.7', host: 'evil.example', https: true },
  })
  expect((await seen(['10.0.0.0/8'], '203.0.113.9')).origin.address).toBe('203.0.113.9')
})

test('IPv4 on a socket of both families is one address, not two', async () => {
  expect((await seen([], '::ffff:203.0.113.9')).origin.address).toBe('203.0.113.9')
})

async function seen(trustedProxies: string[], remoteAddress: string) {
  const front = makeFront(settings({ data: '/nowhere', trustedProxies }), null, makeLog('silent'))
  front.get('/', async (request) => ({ origin: originOf(request), headers: request.raw.headers }))
  const answer = await front.inject({ url: '/', remoteAddress, headers: { host: 'spanwire.test', ...LIES } })
  await front.close()
  const { origin, headers } = answer.json()
  const kept = Object.entries(headers as Record<string, string>).filter(([name]) => name in LIES)
  return { origin: origin as ReturnType<typeof originOf>, headers: Object.fromEntries(kept) }
}
