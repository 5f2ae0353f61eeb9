import { setTimeout as sleep } from 'node:timers/promises'
import { startBareServer } from './bare-server.ts'
import { bytesInUse } from './bytes-in-use.ts'
import type { Crowd, Door } from './crowd.ts'
import { type Holder, holdAll } from './hold-all.ts'
import { type Measurement, median } from './measurement.ts'
import { CROWD, type Stage } from './stage.ts'

const ROUNDS = 3
/** Reports that wait to be written to the database, every half a second, are no held requests. */
const WRITTEN_MS = 2_000

/** Heap and buffers with 1,000 held less without, garbage collected both times, of processes that are fresh and warm. */
export async function heldMemory(stage: Stage): Promise<Measurement> {
  const [server, { crowd }] = await Promise.all([stage.server(), stage.network()])
  stage.say(`memory of ${CROWD} held requests, ${ROUNDS} times`)
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // A process that held them before may keep what it made for them.
    await server.restart()
    const { pid } = await server.holder()
    ours.push(await heldBy(pid, crowd, { url: server.url, path: '/node/v1/sync?hold=0' }, server))
    const bare = await startBareServer()
    try {
      theirs.push(await heldBy(bare.pid, crowd, { url: bare.url, path: '/report' }, bare))
    } finally {
      await bare.close()
    }
  }
  return { value: median(ours), unit: 'KiB/request', reference: median(theirs) }
}

async function heldBy(pid: number, crowd: Crowd, report: Door, holder: Holder): Promise<number> {
  await crowd.report({ ...report, seconds: 3, atOnce: 8 })
  await sleep(WRITTEN_MS)
  const before = await bytesInUse(pid)
  await holdAll(crowd, holder, CROWD)
  await sleep(WRITTEN_MS)
  const after = await bytesInUse(pid)
  await crowd.leave()
  return (after - before) / CROWD / 1024
}
