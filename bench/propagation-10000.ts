import { allWait } from './all-wait.ts'
import { changePort } from './change-port.ts'
import { type Measurement, median } from './measurement.ts'
import { MANY, type Stage } from './stage.ts'

const ROUNDS = 3

/** Until 99 of 100 of 10,000 waiting members have heard of one change; a bare node:http that writes as many bytes into as many requests. */
export async function propagation10000(stage: Stage): Promise<Measurement> {
  const [server, bare, { many, network, script }] = await Promise.all([stage.server(), stage.bare(), stage.many()])
  stage.say(`a change reaches ${MANY} waiting nodes, ${ROUNDS} times`)
  const ours: number[] = []
  const theirs: number[] = []
  const crowd = { seed: 'many', count: MANY, script }
  for (let round = 0; round < ROUNDS; round++) {
    await many.start({ url: server.url, path: server.holdPath, ...crowd })
    await allWait(server, MANY)
    const { p99, bodyBytes, bytes } = await many.change({ url: server.url, ask: changePort(server, network) })
    stage.say(`99 of 100 after ${Math.round(p99)} ms, ${Math.round(bytes / MANY)} bytes a node`)
    ours.push(p99)
    await many.start({ url: bare.url, path: bare.holdPath, ...crowd })
    await allWait(bare, MANY)
    const ask = { method: 'POST', path: '/wake', headers: {}, body: 'x'.repeat(bodyBytes) }
    const reference = (await many.change({ url: bare.url, ask })).p99
    stage.say(`bare: ${Math.round(reference)} ms`)
    theirs.push(reference)
  }
  await many.stop()
  return { value: median(ours), unit: 'ms', reference: median(theirs) }
}
