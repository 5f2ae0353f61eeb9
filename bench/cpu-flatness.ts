import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { allWait } from './all-wait.ts'
import { changePort } from './change-port.ts'
import type { Measurement } from './measurement.ts'
import { type Planted, plantNetwork } from './plant-network.ts'
import { MANY, type Stage } from './stage.ts'

const FEW = 100
/** The kernel counts in ticks of 10 ms: a change for 100 is a few of them, so enough changes to make some hundreds. */
const ROUNDS_OF_FEW = 60
const ROUNDS_OF_MANY = 3

/**
 * Processor time of the server's process for each that hears of a change, of 10,000 and of 100: what grows faster than their number shows
 * here. Counted is all that it does: the change itself, reading it back, the plan, an answer to each, and the request with which each
 * waits again. Some of it is there once a change, however many hear of it, and so weighs a hundred times less on each of 10,000: a ratio
 * below 1 is no merit, one above 1.25 a fault. PostgreSQL's own processes are not in it. On a machine so busy that the changes take longer
 * than the 20 s of a hold, requests that end and come again are in it too, for 10,000 only.
 */
export async function cpuFlatness(stage: Stage): Promise<Measurement> {
  const [server, { many, network, script }] = await Promise.all([stage.server(), stage.many()])
  const few = await plantNetwork(server, 'few', FEW)
  const measure = async (seed: string, count: number, planted: Planted, rounds: number) => {
    stage.say(`processor time of ${rounds} changes that ${count} hear of`)
    await many.start({ url: server.url, path: server.holdPath, seed, count, script })
    await allWait(server, count)
    const { pid } = await server.holder()
    // Compiled, and its caches filled, for both.
    await many.change({ url: server.url, ask: changePort(server, planted) })
    await allWait(server, count)
    const before = processorMs(pid)
    for (let round = 0; round < rounds; round++)
      await many.change({ url: server.url, ask: changePort(server, planted) })
    await allWait(server, count)
    const used = processorMs(pid) - before
    stage.say(`${used} ms in all`)
    await many.stop()
    while ((await server.held()) > 0) await sleep(250)
    return used / rounds / count
  }
  const reference = await measure('few', FEW, few, ROUNDS_OF_FEW)
  return { value: await measure('many', MANY, network, ROUNDS_OF_MANY), unit: 'ms/node', reference }
}

/** User and system time of all threads, in ticks of 10 ms (proc(5), USER_HZ). */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
