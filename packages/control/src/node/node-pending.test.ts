import { afterEach, beforeEach, expect, test } from 'vitest'
import { testWorld, type World } from '../test-db.ts'
import { type Fleet, testFleet } from '../test-fleet.ts'
import { nodePending } from './node-pending.ts'

let world: World
let fleet: Fleet

// Revision 5, of which all have confirmed 4.
beforeEach(async () => {
  world = await testWorld()
  world.setNow(new Date())
  fleet = await testFleet(world.db, { organization: world.organization.id, members: 3, at: world.operator.now() })
  await sql('UPDATE node_status SET behind_since = $1', [world.operator.now()])
})
afterEach(() => world[Symbol.asyncDispose]())

const sql = (text: string, values: unknown[] = []) => world.db.pool.query(text, values)
const gateway = () => nodePending(world.viewer, { id: fleet.gateway })

test('a peer that the machine does not know yet is named, and one that changed', async () => {
  await sql('DELETE FROM links WHERE node_id = $1 AND peer_id = $2', [fleet.gateway, fleet.member(3)])
  await sql('UPDATE nodes SET changed_revision = 5 WHERE id = ANY($1)', [[fleet.member(1), fleet.member(3)]])
  const { revision, changes, text } = await gateway()
  expect(revision).toMatchObject({ applied: 4, desired: 5, current: false })
  expect(changes).toEqual(['a new peer member-3', 'changed settings of member-1'])
  expect(text).toBe('2 changes wait: a new peer member-3; changed settings of member-1.')
})

test('a peer that is paused is a tunnel that ends', async () => {
  await sql(`UPDATE nodes SET state = 'paused', changed_revision = 5 WHERE id = $1`, [fleet.member(2)])
  expect((await gateway()).changes).toEqual(['the end of the tunnel to member-2'])
})

test('what concerns others does not wait at a member', async () => {
  await sql('UPDATE nodes SET changed_revision = 5 WHERE id = $1', [fleet.member(1)])
  expect(await nodePending(world.viewer, { id: fleet.member(2) })).toMatchObject({
    changes: [],
    text: expect.stringContaining('none of its peers'),
  })
})

test('rules that it has not got are said', async () => {
  await sql('UPDATE networks SET policy_number = 3')
  await sql('INSERT INTO policy_reports (node_id, said_at, number) VALUES ($1, now(), 2)', [fleet.gateway])
  expect((await gateway()).changes).toEqual(['rules of version 3 of the access policy'])
})

test('of one that is up to date nothing waits, and after a restore all of it', async () => {
  await sql('UPDATE node_status SET behind_since = NULL, applied_revision = 5')
  expect(await gateway()).toMatchObject({ changes: [], text: expect.stringContaining('Nothing waits') })
  await sql('UPDATE networks SET epoch = 2')
  expect((await gateway()).text).toContain('restored')
})
