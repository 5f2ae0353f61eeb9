import { setTimeout as sleep } from 'node:timers/promises'
import { allWait } from './all-wait.ts'
import { changePort } from './change-port.ts'
import type { Holder } from './hold-all.ts'
import { type Measurement, median } from './measurement.ts'
import { MANY, type Stage } from './stage.ts'

const ROUNDS = 3

/**
 * All connections break, something changes meanwhile, and all come back in the same moment: until the last has been given the current
 * revision. A real fleet spreads its return over seconds. The bare server gives as many bytes to as many that come at once.
 */
export async function storm10000(stage: Stage): Promise<Measurement> {
  const [server, bare, { many, network, script }] = await Promise.all([stage.server(), stage.bare(), stage.many()])
  stage.say(`${MANY} nodes come back at once, ${ROUNDS} times`)
  const ours: number[] = []
  const theirs: number[] = []
  const crowd = { seed: 'many', count: MANY, script }
  await many.start({ url: server.url, path: server.holdPath, ...crowd })
  await allWait(server, MANY)
  for (let round = 0; round < ROUNDS; round++) {
    await many.stop()
    const { path, headers, method, body } = changePort(server, network)
    const made = await fetch(`${server.url}${path}`, { method, headers, body: String(body) })
    if (!made.ok) throw new Error(`the change was answered ${made.status}`)
    await noneWaits(server)
    const here = await many.comeBack({ url: server.url, path: server.holdPath, ...crowd })
    stage.say(
      `half after ${Math.round(here.p50)} ms, all after ${Math.round(here.max)} ms, ${here.bodyBytes} bytes each`,
    )
    ours.push(here.max)
    await noneWaits(bare)
    const there = await many.comeBack({ url: bare.url, path: `/come/${here.bodyBytes}`, ...crowd })
    stage.say(`bare: half after ${Math.round(there.p50)} ms, all after ${Math.round(there.max)} ms`)
    theirs.push(there.max)
  }
  await many.stop()
  return { value: median(ours), unit: 'ms', reference: median(theirs) }
}

/** Who hung up is gone for the server too. */
async function noneWaits({ held }: Holder): Promise<void> {
  while ((await held()) > 0) await sleep(250)
}
