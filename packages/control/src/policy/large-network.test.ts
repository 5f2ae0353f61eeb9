import { expect, test } from 'vitest'
import { testWorld } from '../test-db.ts'
import { testFleet } from '../test-fleet.ts'
import { accessCells } from './access-cells.ts'
import { accessMatrix } from './access-matrix.ts'
import { checkPolicy } from './check-policy.ts'
import { explainAccess } from './explain-access.ts'
import { getPolicy } from './get-policy.ts'
import { policyActivity } from './policy-activity.ts'
import { savePolicy } from './save-policy.ts'

test('answers about 1,000 machines are small enough to be shown, whatever the rules', async () => {
  await using world = await testWorld()
  const at = new Date()
  const { network: networkId } = await testFleet(world.db, { organization: world.organization.id, members: 1000, at })
  await world.db.pool.query(`UPDATE nodes SET tags = ARRAY['t' || ordinal % 25] WHERE network_id = $1`, [networkId])
  const tagOwners = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`tag:t${i}`, []]))
  const acls = Array.from({ length: 100 }, (_, i) => ({
    action: 'accept',
    src: [`tag:t${i % 25}`, `node:member-${i + 1}`],
    dst: [`tag:t${(i * 7) % 25}:${1000 + i}`, `node:member-${1000 - i}:22`],
  }))
  const text = JSON.stringify({ tagOwners, acls }, null, 2)
  await savePolicy(world.admin, { networkId, text, confirmSeconds: null })
  await world.db.pool.query(
    `INSERT INTO policy_drops (node_id, at, source, destination, proto, port, packets)
     SELECT id, $2, '10.64.0.9', '10.64.0.' || i, 6, i, 1 FROM nodes, generate_series(1, 20) i WHERE network_id = $1`,
    [networkId, at],
  )
  const { viewer } = world
  const answers = {
    get: await getPolicy(viewer, { networkId }),
    check: await checkPolicy(viewer, { networkId, text: '{ "acls": [] }' }),
    alike: await accessMatrix(viewer, { networkId, by: 'alike', family: '4' }),
    matrix: await accessMatrix(viewer, { networkId, by: 'node', family: '4' }),
    cells: await accessCells(viewer, { networkId, by: 'node', family: '4', row: 960, column: 480 }),
    explain: await explainAccess(viewer, { networkId, from: '*', to: '*', proto: 'tcp', port: 22 }),
    activity: await policyActivity(viewer, { networkId, hours: 1 }),
  }
  for (const [name, answer] of Object.entries(answers))
    expect([name, JSON.stringify(answer).length < 600_000]).toEqual([name, true])
  expect(answers.matrix.groups).toHaveLength(1001)
  expect(answers.matrix.cells).toHaveLength(answers.matrix.block)
  expect(answers.cells.of).toBe(answers.matrix.of)
  expect(answers.cells.cells.map((row) => row.length)).toEqual(Array(41).fill(48))
  expect(answers.explain).toMatchObject({ verdict: 'some' })
  expect(answers.activity.drops).toHaveLength(200)
  expect(answers.activity.moreDrops).toBe(1001 * 20 - 200)
})
