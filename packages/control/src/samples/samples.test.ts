import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { inSqlTransaction, sqlOn } from '../machine/sql.ts'
import { testScene } from '../machine/test-machine.ts'
import { readPartitions } from './keep-partitions.ts'
import { DAY_MS, LEVELS } from './levels.ts'
import { readSeries } from './read-series.ts'
import { runSampleJobs } from './sample-jobs.ts'
import { writeSamples } from './write-samples.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const at = (minutesAgo: number) => new Date(NOW.getTime() - minutesAgo * 60_000)
const none = { cpu: null, memory: null, disk: null, load1: null, rx: null, tx: null }

async function world() {
  const scene = await testScene()
  scene.world.setNow(NOW)
  const gateway = await scene.join('gateway')
  const { pool } = scene.world.db
  return {
    scene,
    nodeId: gateway.id,
    write: (minutesAgo: number, cpu: number, nodeId = gateway.id) =>
      inSqlTransaction(pool, (sql) => writeSamples(sql, [{ ...none, nodeId, at: at(minutesAgo), cpu }])),
    jobs: (now = NOW) => runSampleJobs(scene.world.db, now),
    partitions: () => Promise.all(LEVELS.map((level) => readPartitions(sqlOn(pool), level))),
  }
}

test('a series has a point for each step, and null where nothing was measured', async () => {
  const { scene, nodeId, write } = await world()
  await using _ = scene
  await write(10, 0.2)
  await write(30, 0.4)
  const series = await readSeries(scene.world.services, nodeId, '1h')
  expect(series.stepSeconds).toBe(20)
  expect(series.at).toHaveLength(180)
  expect(series.at.at(-1)).toBe(NOW.getTime() / 1000)
  const measured = series.cpu.flatMap((cpu, i) => (cpu === null ? [] : [[series.at[i], Math.round(cpu * 10) / 10]]))
  expect(measured).toEqual([
    [at(30).getTime() / 1000, 0.4],
    [at(10).getTime() / 1000, 0.2],
  ])
  expect(series.rx.every((rate) => rate === null)).toBe(true)
})

test('samples are rolled up to means of 5 minutes and of an hour; late ones and repeats change nothing but the mean', async () => {
  const { scene, nodeId, write, jobs } = await world()
  await using _ = scene
  await write(119, 0.2)
  await write(118, 0.4)
  await jobs()
  await jobs()
  const rolled = (table: string) =>
    scene.sql<{ at: Date; cpu: number }>(`SELECT at, cpu FROM ${table} WHERE node_id = $1 ORDER BY at`, [nodeId])
  expect(await rolled('samples_5m')).toEqual([{ at: at(120), cpu: expect.closeTo(0.3) }])
  expect(await rolled('samples_1h')).toEqual([{ at: at(120), cpu: expect.closeTo(0.3) }])
  await write(117, 0.9)
  await jobs()
  expect((await rolled('samples_5m'))[0]?.cpu).toBeCloseTo(0.5)
  expect((await readSeries(scene.world.services, nodeId, '7d')).cpu.filter((cpu) => cpu !== null)).toHaveLength(1)
  expect((await readSeries(scene.world.services, nodeId, '30d')).cpu.filter((cpu) => cpu !== null)).toHaveLength(1)
})

test('partitions are made ahead, filled with what came before them, and dropped when all in them is too old', async () => {
  const { scene, nodeId, write, jobs, partitions } = await world()
  await using _ = scene
  const later = new Date(NOW.getTime() + 40 * DAY_MS)
  await scene.sql(`INSERT INTO samples (node_id, at, cpu) VALUES ($1, $2, 0.5)`, [nodeId, later])
  await jobs()
  expect((await partitions())[0]).toEqual(expect.arrayContaining(['samples_20261121', 'samples_20261124']))
  await write(5, 0.1)
  await jobs(later)
  expect((await partitions())[0]?.[0]).toBe('samples_20261230')
  expect(await scene.sql(`SELECT tableoid::regclass::text AS lies FROM samples WHERE node_id = $1`, [nodeId])).toEqual([
    { lies: 'samples_20261231' },
  ])
  // 5 minutes are kept for 30 days, hours for a year.
  const rolled = await scene.sql<{ cpu: number }>('SELECT cpu FROM samples_1h WHERE at < $1', [NOW])
  expect(rolled.length).toBeLessThanOrEqual(1)
})

test('two servers roll up at once: one does the work, none fails', async () => {
  const { scene, write, jobs } = await world()
  await using _ = scene
  await write(20, 0.5)
  await Promise.all([jobs(), jobs(), jobs()])
  expect(await scene.sql('SELECT count(*)::int AS bins FROM samples_5m WHERE cpu IS NOT NULL')).toEqual([{ bins: 1 }])
})

test('a sample of a node that was removed is left out', async () => {
  const { scene, write } = await world()
  await using _ = scene
  await write(1, 0.5, randomUUID())
  expect(await scene.sql('SELECT 1 FROM samples')).toEqual([])
})
