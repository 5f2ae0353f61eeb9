import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type BareServer, startBareServer } from './bare-server.ts'
import type { Crowd, Door } from './crowd.ts'
import { type Measurement, median } from './measurement.ts'
import { CROWD, type Stage, SYNC } from './stage.ts'

const ROUNDS = 3
const COLLECTED_MS = 1_000

/** Resident memory with 1,000 held less without, garbage collected both times, of processes that are fresh and warm. */
export async function heldMemory(stage: Stage): Promise<Measurement> {
  const [server, { crowd }] = await Promise.all([stage.server(), stage.network()])
  stage.say(`memory of ${CROWD} held requests, ${ROUNDS} times`)
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // A process that held them before keeps the pages, and would show nothing.
    await server.restart()
    const { pid } = await server.holder()
    const { url } = server
    ours.push(await heldBy(pid, crowd, { url, path: '/node/v1/sync?hold=0' }, { url, path: SYNC }))
    theirs.push(await heldByBare(await startBareServer(), crowd))
  }
  return { value: median(ours), unit: 'KiB/request', reference: median(theirs) }
}

async function heldByBare(bare: BareServer, crowd: Crowd): Promise<number> {
  const { pid, url } = bare
  try {
    return await heldBy(pid, crowd, { url, path: '/report' }, { url, path: '/hold' })
  } finally {
    await bare.close()
  }
}

async function heldBy(pid: number, crowd: Crowd, report: Door, hold: Door): Promise<number> {
  await crowd.report({ ...report, seconds: 3, atOnce: 8 })
  const before = await residentKib(pid)
  await crowd.hold(hold)
  const after = await residentKib(pid)
  await crowd.leave()
  return (after - before) / CROWD
}

async function residentKib(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR2')
  await sleep(COLLECTED_MS)
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout)
}
