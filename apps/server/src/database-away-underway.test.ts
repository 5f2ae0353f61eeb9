/**
 * The database goes away while something is under way: keys that are being changed, a policy that machines try, a change of topology.
 * What was asked meanwhile is refused and has changed nothing; what was under way goes on from where it was.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { publicKey, reportText } from '@spanwire/control/machine/test-machine'
import { startTestPostgres } from '@spanwire/control/test-postgres'
import { testWire } from '@spanwire/control/test-wire'
import pg from 'pg'
import { expect, test } from 'vitest'
import { settings } from './env.ts'
import { type HttpNode, joinOver, knock } from './http-node.ts'
import { httpOperator, keyInDatabase, makeOwner } from './http-operator.ts'
import { scratch } from './server-process.ts'
import { startServer } from './start-server.ts'

type Keys = { publicKey: string; rotation: { state: string } | null }
type Policy = { number: number | null; trial: { state: string; deadlineAt: string } | null }

/** Longer than a statement may take. */
const AWAY_MS = 15_000

test.concurrent.each(['cut', 'silent'] as const)(
  'keys, a trial and a topology under way while the database is %s',
  { timeout: 180_000 },
  async (mode) => {
    await using data = await scratch()
    const postgres = await startTestPostgres()
    const wire = await testWire(postgres.url)
    const database = new pg.Pool({ connectionString: postgres.url })
    const server = await startServer(settings({ data: data.path, port: 0, web: false, databaseUrl: wire.url }))
    try {
      await makeOwner(server.url)
      const operator = httpOperator(server.url, await keyInDatabase(database, 'owner'))
      const { id } = await operator.call<{ id: string }>('network.create', { name: 'lab', cidr4: '10.77.0.0/16' })
      const join = async (name: string, role: 'gateway' | 'member') => {
        const { nodeId, token } = await operator.invite(id, { name, role })
        return { nodeId, node: await joinOver(server.url, token) }
      }
      const gateway = await join('gw', 'gateway')
      const member = await join('home-1', 'member')
      for (const { node } of [gateway, member]) await node.settle(server.url)
      const says = (node: HttpNode, text: string) =>
        knock(
          server.url,
          'sync?hold=0',
          node.credential,
          reportText(node, { ...node.confirmed, blocks: `:keys\n ${text}\n` }),
        )
      const keys = () => operator.call<Keys>('node.keys', { id: member.nodeId })
      const policy = () => operator.call<Policy>('policy.get', { networkId: id })

      await operator.call('policy.save', { networkId: id, text: '{ "acls": [] }', confirmSeconds: 300 })
      await operator.call('node.rotateKeys', { id: member.nodeId })
      const before = { keys: await keys(), policy: await policy() }
      expect(before).toMatchObject({ keys: { rotation: { state: 'making' } }, policy: { trial: { state: 'running' } } })
      const next = publicKey()
      const { rows } = await database.query<{ id: string }>('SELECT id FROM key_rotations')
      const made = `rotation ${rows[0]?.id} made\n next main ${next}`

      wire.turn(mode)
      const back = sleep(AWAY_MS)
      const asked = [
        operator.answer('network.setTopology', { id, topology: 'mesh' }),
        operator.answer('policy.confirm', { networkId: id }),
        operator.answer('node.stopRotating', { id: member.nodeId }),
      ]
      expect(await Promise.all(asked.map(async (answer) => (await answer).status))).toEqual([503, 503, 503])
      await says(member.node, made)
      await back
      wire.turn('open')

      await until(async () => (await fetch(`${server.url}/readyz`)).status === 200)
      const { topology } = await operator.call<{ topology: string }>('network.get', { id })
      expect(topology).toBe('hub')
      expect(await policy()).toMatchObject({ number: null, trial: { state: 'running' } })
      expect((await policy()).trial?.deadlineAt).toBe(before.policy.trial?.deadlineAt)
      await operator.call('policy.confirm', { networkId: id })
      expect(await policy()).toMatchObject({ number: 1, trial: { state: 'confirmed' } })

      await until(async () => {
        await says(member.node, made)
        await says(gateway.node, `staged ${next}`)
        return (await keys()).rotation?.state === 'switching'
      })
      await until(async () => {
        await says(member.node, made.replace('made', 'proven'))
        return (await keys()).rotation?.state === 'done'
      })
      expect((await keys()).publicKey).toBe(next)
      await operator.call('network.setTopology', { id, topology: 'mesh' })
    } finally {
      wire.turn('open')
      await server.close()
      await database.end()
      await wire.close()
      await postgres.stop()
    }
  },
)

async function until(holds: () => Promise<boolean>): Promise<void> {
  const begun = Date.now()
  while (!(await holds().catch(() => false))) {
    if (Date.now() - begun > 60_000) throw new Error('it did not come about within a minute')
    await sleep(500)
  }
}
