import { holdAll } from './hold-all.ts'
import { type Measurement, median } from './measurement.ts'
import { CROWD, type Stage } from './stage.ts'
import { wakeBare } from './wake-bare.ts'

const ROUNDS = 7

/**
 *  PATCH /api/v1/nodes/GATEWAY ─ commit ─ notify ─ plan ─ 1,000 bundles ─ last byte of the last answer
 *  '------------------------------ milliseconds ------------------------------'
 *
 * The bare server has the bytes in its hands when the clock starts, and writes them into 1,000 held requests.
 */
export async function propagation1000(stage: Stage): Promise<Measurement> {
  const [server, bare, { crowd, change }] = await Promise.all([stage.server(), stage.bare(), stage.network()])
  stage.say(`a change reaches ${CROWD} waiting nodes, ${ROUNDS} times`)
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await holdAll(crowd, server, CROWD)
    const { ms, bodyBytes } = await change()
    ours.push(ms)
    await holdAll(crowd, bare, CROWD)
    theirs.push((await wakeBare(crowd, bare, Buffer.alloc(bodyBytes, 'x').toString())).ms)
  }
  await crowd.leave()
  return { value: median(ours), unit: 'ms', reference: median(theirs) }
}
