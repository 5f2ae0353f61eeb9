import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { inSqlTransaction } from './sql.ts'
import { tellSilent } from './tell-silence.ts'
import { type Scene, testScene } from './test-machine.ts'

const told = (scene: Scene) =>
  scene.sql(`SELECT action FROM events WHERE action IN ('node.silent', 'node.back') ORDER BY at, id`)

test('a node that falls silent is told once, by two watching servers too, and so is its return', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  await gateway.sync()
  await scene.machine.flush()
  const start = Date.now()
  const watch = (seconds: number) => {
    const now = () => new Date(start + seconds * 1000)
    const deps = { ...scene.world.services, now, random: randomBytes, settings: null as never }
    return inSqlTransaction(scene.world.db.pool, (sql) => tellSilent(sql, deps))
  }
  await watch(60)
  expect(await told(scene)).toEqual([])
  await Promise.all([watch(100), watch(100)])
  await watch(130)
  expect(await told(scene)).toEqual([{ action: 'node.silent' }])
  scene.world.setNow(new Date(start + 200_000))
  await gateway.sync()
  await scene.machine.flush()
  scene.world.setNow(new Date(start + 210_000))
  await gateway.sync()
  await scene.machine.flush()
  expect(await told(scene)).toEqual([{ action: 'node.silent' }, { action: 'node.back' }])
  await watch(400)
  expect(await told(scene)).toHaveLength(3)
})

test('a paused node may be silent', async () => {
  await using scene = await testScene()
  const gateway = await scene.join('gateway')
  await scene.sql(`UPDATE nodes SET state = 'paused' WHERE id = $1`, [gateway.id])
  await scene.sql(`UPDATE node_status SET reported_at = now() - interval '1 hour'`)
  const deps = { ...scene.world.services, settings: null as never }
  await inSqlTransaction(scene.world.db.pool, (sql) => tellSilent(sql, deps))
  expect(await told(scene)).toEqual([])
})
