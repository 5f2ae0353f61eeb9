// What the console does, a script does with an API key: every route of /api/v1 over HTTP, and the ends of a key.
import { exampleInputs, type TenantIds } from '@spanwire/api/example-inputs'
import { restRoutes } from '@spanwire/api/rest-request'
import type { Db } from '@spanwire/control/db'
import { testTrial } from '@spanwire/control/policy/test-trial'
import { testCluster } from '@spanwire/control/test-cluster'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settings } from './env.ts'
import { joinOver } from './http-node.ts'
import { type HttpOperator, httpOperator, keyInDatabase, makeOwner } from './http-operator.ts'
import { scratch } from './server-process.ts'
import { type RunningServer, startServer } from './start-server.ts'

let data: Awaited<ReturnType<typeof scratch>>
let server: RunningServer
let database: pg.Pool
let operator: HttpOperator

beforeAll(async () => {
  data = await scratch()
  server = await startServer(settings({ data: data.path, port: 0, web: false }))
  database = new pg.Pool({ connectionString: server.databaseUrl })
  await makeOwner(server.url)
  operator = httpOperator(server.url, await keyInDatabase(database, 'owner'))
})

afterAll(async () => {
  await database?.end()
  await server?.close()
  await data[Symbol.asyncDispose]()
})

test('every route works with a key', async () => {
  const own = await furnish()
  const answers: Record<string, string> = {}
  for (const { name } of restRoutes) {
    // A server of the cluster that reports, however long the routes before took.
    await database.query('UPDATE node_status SET reported_at = now() WHERE node_id = $1', [own.gateway])
    const answer = await operator.answer(name, exampleInputs[name]?.input(own))
    const text = await answer.text()
    answers[name] = answer.ok ? 'OK' : FOR_PERSONS[name] === answer.status ? 'for persons' : `${answer.status} ${text}`
  }
  expect(answers).toEqual(
    Object.fromEntries(restRoutes.map(({ name }) => [name, name in FOR_PERSONS ? 'for persons' : 'OK'])),
  )
})

/** A device and a certificate belong to somebody; a key is nobody. */
const FOR_PERSONS: Readonly<Record<string, number>> = {
  'device.create': 403,
  'cluster.requestKubeconfig': 403,
  'cluster.kubeconfigState': 404,
  'cluster.downloadKubeconfig': 404,
}

test('no route works without one, or with one that never was', async () => {
  for (const key of ['', `swk_${'A'.repeat(43)}`, `swj_${'A'.repeat(43)}`]) {
    const nobody = httpOperator(server.url, key)
    for (const { name } of restRoutes) {
      expect([name, (await nobody.answer(name, exampleInputs[name]?.input(NO_IDS))).status]).toEqual([name, 401])
    }
  }
})

test('a key ends at the moment that it names, and at the moment that it is revoked', async () => {
  const make = () =>
    operator.call<{ key: string; row: { id: string } }>('apiKey.create', {
      name: 'ci',
      role: 'viewer',
      expiresInDays: 1,
    })
  const [expiring, revoked] = [await make(), await make()]
  const status = async (key: string) => (await httpOperator(server.url, key).answer('me.get')).status
  expect([await status(expiring.key), await status(revoked.key)]).toEqual([200, 200])
  await database.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [expiring.row.id])
  expect([await status(expiring.key), await status(revoked.key)]).toEqual([401, 200])
  await operator.call('apiKey.revoke', { id: revoked.row.id })
  expect(await status(revoked.key)).toBe(401)
})

test('the document that is served names this server, and is there for who has no key yet', async () => {
  const answer = await fetch(`${server.url}/api/v1/openapi.json`)
  const document = (await answer.json()) as { openapi: string; servers: { url: string }[]; paths: object }
  expect(document.openapi).toMatch(/^3\.1\./)
  expect(document.servers).toEqual([{ url: `${server.url}/api/v1` }])
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path))
  expect(operations).toHaveLength(restRoutes.length)
})

/** One of everything that has an id, made the way a script makes it. */
async function furnish(): Promise<TenantIds> {
  const { call, invite } = operator
  const networkName = 'home-lab'
  const { id: network } = await call<{ id: string }>('network.create', { name: networkName, cidr4: '10.77.0.0/16' })
  const site = await call<{ id: string }>('site.create', { networkId: network, name: 'Berlin' })
  const join = async (name: string, role: 'gateway' | 'member', at = network) => {
    const { nodeId, token } = await invite(at, { name, role })
    await joinOver(server.url, token)
    return nodeId
  }
  const gateway = await join('gw', 'gateway')
  const [paused, quarantined] = [await join('home-1', 'member'), await join('home-2', 'member')]
  const [agent, leaving] = [await join('home-4', 'member'), await join('home-5', 'member')]
  await testCluster({ pool: database } as unknown as Db, {
    network,
    server: gateway,
    agents: [agent, leaving],
    at: new Date(),
  })
  await database.query(
    `UPDATE cluster_nodes SET removal = '{"cordon":{"state":"failed","text":"no","at":"2026-01-01T00:00:00Z"}}' WHERE node_id = $1`,
    [leaving],
  )
  const bare = await call<{ id: string }>('network.create', { name: 'bare', cidr4: '10.99.0.0/16' })
  const tried = await call<{ id: string }>('network.create', { name: 'tried', cidr4: '10.98.0.0/16' })
  const twins = await call<{ id: string }>('network.create', { name: 'twins', cidr4: '10.97.0.0/16' })
  const [twinGateway] = [await join('gw-1', 'gateway', twins.id), await join('gw-2', 'gateway', twins.id)]
  await database.query(`UPDATE nodes SET endpoint = '203.0.113.7:51820' WHERE network_id = $1`, [twins.id])
  await database.query(
    `INSERT INTO key_rotations (node_id, id, state, wants_direct, next_key, started_by, started_at)
     VALUES ($1, gen_random_uuid(), 'staging', false, repeat('B', 42) || 'A=', 'test', now())`,
    [agent],
  )
  for (const id of [network, tried.id]) await testTrial({ pool: database }, id)
  await call('node.pause', { id: paused })
  await database.query(`UPDATE nodes SET state = 'quarantined', quarantine_reason = 'test' WHERE id = $1`, [
    quarantined,
  ])
  const { nodeId: invited } = await invite(network, { name: 'home-3', role: 'member' })
  const joinKey = await call<{ row: { id: string } }>('joinKey.create', {
    ...{ networkId: network, name: 'image', maxUses: 5, expiresInHours: 1 },
  })
  const apiKey = await call<{ row: { id: string } }>('apiKey.create', { name: 'ci', role: 'viewer', expiresInDays: 1 })
  const member = await call<{ userId: string }>('member.add', {
    ...{ name: 'Sam', email: 'sam@acme.test', password: 'a long enough password', role: 'viewer' },
  })
  const personInvited = await call<{ row: { id: string } }>('member.invite', { role: 'viewer', expiresInHours: 1 })
  const device = await database.query<{ id: string }>(
    `INSERT INTO devices (id, network_id, user_id, name, public_key, ordinal) VALUES (gen_random_uuid(), $1, $2, 'phone', $3, 200) RETURNING id`,
    [network, member.userId, `${'A'.repeat(43)}=`],
  )
  return {
    ...{
      bareNetwork: bare.id,
      trialNetwork: tried.id,
      twinGateway,
      rotating: agent,
      clusterName: 'k3s',
      agent,
      leaving,
      csr: 'none',
      kubeconfig: NEVER,
    },
    device: device.rows[0]?.id ?? '',
    ...{ network, networkName, site: site.id, gateway, invited, paused, quarantined },
    ...{
      joinKey: joinKey.row.id,
      apiKey: apiKey.row.id,
      member: member.userId,
      memberInvitation: personInvited.row.id,
    },
  }
}

const NEVER = '01900000-0000-7000-8000-000000000001'
const NO_IDS: TenantIds = {
  ...{ network: NEVER, networkName: 'never', site: NEVER, gateway: NEVER, invited: NEVER, paused: NEVER },
  ...{ quarantined: NEVER, joinKey: NEVER, apiKey: NEVER, member: NEVER, bareNetwork: NEVER, clusterName: 'never' },
  ...{
    trialNetwork: NEVER,
    twinGateway: NEVER,
    rotating: NEVER,
    memberInvitation: NEVER,
    agent: NEVER,
    leaving: NEVER,
    device: NEVER,
    csr: 'never',
    kubeconfig: NEVER,
  },
}
