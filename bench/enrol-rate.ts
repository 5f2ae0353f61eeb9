import { foundNetwork } from '@spanwire/lab/fleet/found-network'
import { bareEnrolments } from './bare-enrolments.ts'
import { startCrowd } from './crowd.ts'
import { type Measurement, median } from './measurement.ts'
import type { Stage } from './stage.ts'

const ROUNDS = 3
const MACHINES = 300
const AT_ONCE = 16

/**
 * Machines join an empty network with a join key, as those of a golden image do. The reference writes the very rows that they left,
 * a transaction a machine, over as many connections as the server gives to enrolments.
 */
export async function enrolRate(stage: Stage): Promise<Measurement> {
  const server = await stage.server()
  const { databaseUrl } = await server.holder()
  stage.say(`${MACHINES} machines join, ${ROUNDS} times`)
  const ours: number[] = []
  const theirs: number[] = []
  const crowd = startCrowd()
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const name = `joining-${round}`
      const network = await foundNetwork(server.rest, name, { nodes: MACHINES + 1, sites: 4 })
      ours.push(
        await crowd.join({ url: server.url, network, members: MACHINES, atOnce: AT_ONCE, seed: `enrol-rate ${name}` }),
      )
      theirs.push(await bareEnrolments(databaseUrl, network.id))
    }
  } finally {
    await crowd.close()
  }
  return { value: median(ours), unit: 'enrolments/s', reference: median(theirs) }
}
