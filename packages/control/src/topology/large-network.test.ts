/** The verbs that read a whole network, at 5,000 nodes: what a page waits for again and again. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listNetworks } from '../network/list-networks.ts'
import { listNodes } from '../node/list-nodes.ts'
import { testWorld, type World } from '../test-db.ts'
import { type Fleet, testFleet } from '../test-fleet.ts'
import { getTopology } from './get-topology.ts'

// A quiet machine of 2026 takes under 300 ms by the clock, half of it this process's own: 150 to 190 ms of processor time, which other
// programs do not lengthen as they do the clock. Something quadratic in 5,000 takes seconds.
const PROCESSOR_MS = 600

let world: World
let fleet: Fleet
beforeAll(async () => {
  world = await testWorld()
  fleet = await testFleet(world.db, { organization: world.organization.id, members: 4999, at: new Date() })
  await world.db.pool.query('analyze')
})
afterAll(() => world[Symbol.asyncDispose]())

test.each([
  ['the table', () => listNodes(world.viewer, { network: fleet.network })],
  ['the picture', () => getTopology(world.viewer, { network: fleet.network })],
  ['the list of networks', () => listNetworks(world.viewer, {})],
])('%s of 5,000 nodes is read in less than 0.6 s of processor time', async (_, read) => {
  const taken: number[] = []
  for (let times = 0; times < 5; times++) {
    const before = process.cpuUsage()
    await read()
    const { user, system } = process.cpuUsage(before)
    taken.push((user + system) / 1000)
  }
  expect(Math.min(...taken)).toBeLessThan(PROCESSOR_MS)
})
