import { readFileSync } from 'node:fs'
import { allWait } from './all-wait.ts'
import { changePort } from './change-port.ts'
import { type Measurement, median } from './measurement.ts'
import { plantNetwork } from './plant-network.ts'
import { MANY, type Stage } from './stage.ts'

const FEW = 100
const ROUNDS = 3

/** Processor time of the server for each that hears of a change, of 10,000 and of 100: what grows faster than their number shows here. */
export async function cpuFlatness(stage: Stage): Promise<Measurement> {
  const [server, { many, network, script }] = await Promise.all([stage.server(), stage.many()])
  stage.say(`processor time of a change, for each of ${MANY} and of ${FEW}`)
  const few = await plantNetwork(server, 'few', FEW)
  const measure = async (seed: string, count: number, planted: typeof few) => {
    await many.start({ url: server.url, path: server.holdPath, seed, count, script })
    await allWait(server, count)
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const { pid } = await server.holder()
      const before = processorMs(pid)
      await many.change({ url: server.url, ask: changePort(server, planted) })
      times.push((processorMs(pid) - before) / count)
      await allWait(server, count)
    }
    await many.stop()
    while ((await server.held()) > 0) await new Promise((resolve) => setTimeout(resolve, 50))
    return median(times)
  }
  const reference = await measure('few', FEW, few)
  return { value: await measure('many', MANY, network), unit: 'ms/node', reference }
}

/** User and system time of all threads; the kernel counts in ticks of 10 ms (proc(5), USER_HZ). */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
