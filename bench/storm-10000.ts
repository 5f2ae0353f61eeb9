import { allWait } from './all-wait.ts'
import { changePort } from './change-port.ts'
import { type Measurement, median } from './measurement.ts'
import { MANY, type Stage } from './stage.ts'

const ROUNDS = 3

/**
 * All connections break, something changes meanwhile, and all come back at once: until the server holds all of them again, each with the
 * current revision. The bare server holds as many that come at once.
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
    await none(server.held)
    let begun = performance.now()
    await many.start({ url: server.url, path: server.holdPath, ...crowd })
    ours.push(await allWait(server, MANY, begun))
    await many.stop()
    await none(bare.held)
    begun = performance.now()
    await many.start({ url: bare.url, path: bare.holdPath, ...crowd })
    theirs.push(await allWait(bare, MANY, begun))
  }
  await many.stop()
  return { value: median(ours), unit: 'ms', reference: median(theirs) }
}

/** Who hung up is gone for the server too. */
async function none(held: () => Promise<number>): Promise<void> {
  while ((await held()) > 0) await new Promise((resolve) => setTimeout(resolve, 50))
}
