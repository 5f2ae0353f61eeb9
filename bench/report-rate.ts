import { type Measurement, median } from './measurement.ts'
import type { Stage } from './stage.ts'

const ROUNDS = 5
const LOAD = { seconds: 3, atOnce: 32 }

/**
 * Reports of 1,000 members, answered at once. Ours parses each, looks it up, judges it, and writes the last of each node to
 * PostgreSQL every half a second; the bare server reads the same bytes and says 204.
 */
export async function reportRate(stage: Stage): Promise<Measurement> {
  const [server, bare, { crowd }] = await Promise.all([stage.server(), stage.bare(), stage.network()])
  stage.say(`reports for ${LOAD.seconds} s, ${ROUNDS} times`)
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await crowd.report({ url: server.url, path: '/node/v1/sync?hold=0', ...LOAD }))
    theirs.push(await crowd.report({ url: bare.url, path: '/report', ...LOAD }))
  }
  return { value: median(ours), unit: 'reports/s', reference: median(theirs) }
}
