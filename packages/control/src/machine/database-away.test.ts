import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDb } from '../db.ts'
import { testWire } from '../test-wire.ts'
import { codeOf, enrolText, files, reportText, request, testNode, testScene } from './test-machine.ts'

const within = async <T>(work: Promise<T>): Promise<{ value: T; ms: number }> => {
  const start = performance.now()
  return { value: await work, ms: performance.now() - start }
}

test.each(['cut', 'silent'] as const)(
  'while the database is %s: 503 at each door, 204 for who waits, never a bundle; afterwards all goes on',
  async (mode) => {
    await using scene = await testScene()
    const gateway = await scene.join('gateway')
    const member = await scene.join('member')
    await gateway.sync()
    const wire = await testWire(scene.world.url)
    const db = await openDb(wire.url, { max: 5 })
    const machine = await scene.another({ db })
    try {
      expect((await gateway.sync({ at: machine })).status).toBe(204)
      const { token } = await scene.invite('member')
      const waiting = within(gateway.sync({ at: machine, holdMs: 9000 }))
      await sleep(50)
      wire.turn(mode)
      // A notification comes through another way in: what it tells cannot be read.
      scene.world.services.hints.publish({ kind: 'network', network: scene.networkId })
      const enrol = await within(machine.enrol(request(token, enrolText(testNode()))))
      expect([enrol.value.status, codeOf(enrol.value)]).toEqual([503, 'unavailable'])
      expect(enrol.value.headers).toMatchObject({ 'Retry-After': '5', 'Spanwire-Protocol': '1' })
      expect(enrol.ms).toBeLessThan(15_000)
      // Told of the failure, the other doors need not find out for themselves.
      const sync = await within(
        machine.sync(request(member.credential, reportText(member, member.confirmed)), { holdMs: 0 }),
      )
      const stranger = testNode()
      const unknown = await within(machine.sync(request(stranger.credential, reportText(stranger)), { holdMs: 0 }))
      const step = await within(machine.step(request(token, 'spanwire step 1\nstep keys\nstate done\n')))
      for (const { value, ms } of [sync, unknown, step]) {
        expect(codeOf(value)).toBe('unavailable')
        expect(ms).toBeLessThan(3000)
      }
      expect((await waiting).value.status).toBe(204)

      wire.turn('open')
      const back = async () => {
        for (let tries = 0; tries < 100; tries++) {
          const answer = await gateway.sync({ at: machine })
          if (answer.status !== 503) return answer
          await sleep(100)
        }
        throw new Error('it never came back')
      }
      expect((await back()).status).toBe(204)
      const held = gateway.sync({ at: machine, holdMs: 9000 })
      const late = await scene.join('member', 'late')
      const bundle = await held
      expect((await files(bundle)).get('peers/span0')).toContain(late.publicKey)
      expect((await files(bundle)).get('peers/span0')).toContain(member.publicKey)
    } finally {
      wire.turn('open')
      await machine.close()
      await wire.close()
      await db.close()
    }
  },
)

test('reports that came while the database was away are written when it is back', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  const wire = await testWire(scene.world.url)
  const db = await openDb(wire.url, { max: 5 })
  const machine = await scene.another({ db })
  try {
    expect((await gateway.sync({ at: machine })).status).toBe(204)
    await machine.flush()
    wire.turn('cut')
    await gateway.sync({ at: machine, uptime: 4321 })
    await machine.flush()
    wire.turn('open')
    await machine.flush()
    const rows = await scene.sql('SELECT uptime_seconds FROM node_status')
    expect(rows).toEqual([{ uptime_seconds: 4321 }])
  } finally {
    wire.turn('open')
    await machine.close()
    await wire.close()
    await db.close()
  }
})
