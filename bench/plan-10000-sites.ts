import { plan } from '@spanwire/mesh/paths/plan'
import { type Measurement, median } from './measurement.ts'
import { pathsSample } from './paths-sample.ts'
import type { Stage } from './stage.ts'

const ROUNDS = 7

/** From the rows of 10,000 nodes in 200 sites, each with a gateway, to the plan of all. The reference parses the same rows as plain JSON. */
export async function plan10000Sites(stage: Stage): Promise<Measurement> {
  stage.say('planning 10,000 nodes in 200 sites')
  const rows = pathsSample('sites', { members: 9_800, gateways: 200, sites: 200 })
  const json = JSON.stringify(rows)
  const times: number[] = []
  const references: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    const parsed: typeof rows = JSON.parse(json)
    references.push(performance.now() - begun)
    // Rows that no plan has seen: nothing of an earlier round is kept by them.
    const planned = performance.now()
    const { seats } = plan(parsed)
    times.push(performance.now() - planned)
    if (seats.size !== rows.nodes.length) throw new Error('nodes are missing in the plan')
  }
  return { value: median(times), unit: 'ms', reference: median(references) }
}
