// The database is restored from a real copy, 50 revisions older than what the machines run.
import { files } from '@spanwire/control/machine/test-machine'
import { databaseUrl, startTestPostgres } from '@spanwire/control/test-postgres'
import pg from 'pg'
import { expect, test } from 'vitest'
import { settings } from './env.ts'
import { joinOver } from './http-node.ts'
import { httpOperator, keyInDatabase, makeOwner } from './http-operator.ts'
import { scratch } from './server-process.ts'
import { type RunningServer, startServer } from './start-server.ts'

test('a backup 50 revisions old: nodes end with the restored state, and no tunnel that it knows is torn down', async () => {
  await using data = await scratch()
  const postgres = await startTestPostgres()
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  await admin.query('CREATE DATABASE live')
  let server: RunningServer | null = null
  const start = async () => {
    const url = databaseUrl(postgres.url, 'live')
    // Its name stays what it was: only the database changes under it.
    server = await startServer(
      settings({ data: data.path, port: 0, web: false, databaseUrl: url, url: 'http://localhost:3000' }),
    )
    return `http://localhost:${server.port}`
  }
  const stop = async () => {
    await server?.close()
    server = null
  }
  try {
    let at = await start()
    await makeOwner(at)
    const key = await inDatabase(postgres.url, (database) => keyInDatabase(database, 'owner'))
    let operator = httpOperator(at, key)
    const { id: network } = await operator.call<{ id: string }>('network.create', {
      ...{ name: 'home-lab', cidr4: '10.77.0.0/16' },
    })
    const join = async (name: string, role: 'gateway' | 'member') => {
      const { nodeId, token } = await operator.invite(network, { name, role })
      return { id: nodeId, node: await joinOver(at, token) }
    }
    const gateway = await join('gw', 'gateway')
    const member = await join('home-1', 'member')
    const removedLater = await join('home-2', 'member')
    for (const { node } of [gateway, member, removedLater]) await node.settle(at)
    const revision = await revisionOf(operator, network)
    await stop()
    await admin.query('CREATE DATABASE backup TEMPLATE live')

    at = await start()
    operator = httpOperator(at, key)
    const joinedLater = await join('home-3', 'member')
    await operator.call('node.remove', { id: removedLater.id })
    while ((await revisionOf(operator, network)) < revision + 50) {
      const { mtu } = await operator.call<{ mtu: number }>('network.get', { id: network })
      await operator.call('network.update', { id: network, mtu: mtu === 1400 ? 1401 : 1400 })
    }
    for (const { node } of [gateway, member, joinedLater]) await node.settle(at)
    const before = { gateway: gateway.node.confirmed, member: member.node.confirmed }
    expect(before.gateway.revision).toBeGreaterThanOrEqual(revision + 50)
    await stop()
    await admin.query('DROP DATABASE live WITH (FORCE)')
    await admin.query('CREATE DATABASE live TEMPLATE backup')

    at = await start()
    operator = httpOperator(at, key)
    const [toGateway, toMember] = await Promise.all([gateway.node.sync(at), member.node.sync(at)])
    expect([toGateway.status, toMember.status]).toEqual([200, 200])
    for (const { node } of [gateway, member]) expect(node.confirmed.epoch).toBe(before.gateway.epoch + 1)
    const ofGateway = await files(toGateway)
    const ofMember = await files(toMember)
    // Who was there at the time of the backup has each other as before; who was removed after it is back.
    expect(ofGateway.get('peers/span0')).toContain(member.node.publicKey)
    expect(ofGateway.get('peers/span0')).toContain(removedLater.node.publicKey)
    expect(ofMember.get('peers/span0')).toContain(gateway.node.publicKey)
    expect(ofMember.get('interfaces')).toBe('span0 0 1420\n')
    // Who came after it is unknown, and keeps everything: 401 without the proof that only a removal has.
    const unknown = await joinedLater.node.sync(at)
    expect([unknown.status, unknown.headers['spanwire-tombstone']]).toEqual([401, undefined])
    for (const { node } of [gateway, member, removedLater]) await node.settle(at)
    const { rows } = await operator.call<{ rows: { action: string }[] }>('activity.list', {
      ...{ network, action: 'network.restored' },
    })
    expect(rows).toHaveLength(1)
  } finally {
    await stop()
    await admin.end()
    await postgres.stop()
  }
})

async function revisionOf(operator: ReturnType<typeof httpOperator>, id: string): Promise<number> {
  return (await operator.call<{ revision: number }>('network.get', { id })).revision
}

async function inDatabase<T>(server: string, work: (database: pg.Pool) => Promise<T>): Promise<T> {
  const database = new pg.Pool({ connectionString: databaseUrl(server, 'live') })
  try {
    return await work(database)
  } finally {
    await database.end()
  }
}
