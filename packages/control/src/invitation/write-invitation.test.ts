import { expect, test } from 'vitest'
import { hashToken } from '../secrets.ts'
import { testWorld, type World } from '../test-db.ts'
import { joinNode, testNetwork } from '../test-join.ts'
import { createInvitation } from './create-invitation.ts'
import { reissueInvitation } from './reissue-invitation.ts'
import { revokeInvitation } from './revoke-invitation.ts'
import { updateInvitation } from './update-invitation.ts'

const PIN = `sha256//${'A'.repeat(43)}=`

test('opening the page makes a node and a token of 30 minutes and one use, of which only the hash is kept', async () => {
  await using world = await testWorld({ server: { url: 'https://span.example', pin: PIN } })
  world.setNow(new Date('2026-01-01T12:00:00Z'))
  const { id: networkId } = await testNetwork(world)
  const made = await createInvitation(world.operator, { networkId })
  expect(made).toEqual({
    nodeId: expect.any(String),
    name: 'node-1',
    role: 'gateway',
    token: expect.stringMatching(/^swj_[A-Za-z0-9_-]{43}$/),
    expiresAt: '2026-01-01T12:30:00.000Z',
    url: 'https://span.example',
    pin: PIN,
  })
  const [token] = await world.db.prisma.joinToken.findMany()
  expect(token).toMatchObject({ nodeId: made.nodeId, kind: 'invitation', maxUses: 1, uses: 0 })
  expect(Buffer.from(token?.hash ?? [])).toEqual(Buffer.from(hashToken(made.token)))
  const everything = await textOf(world)
  expect(everything).toContain('node-1')
  expect(everything).not.toContain(made.token.slice(4))
})

test('the first node is a gateway and stays one while it is alone; those after it are members', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const first = await createInvitation(world.operator, { networkId })
  await expect(updateInvitation(world.operator, { nodeId: first.nodeId, role: 'member' })).rejects.toMatchObject({
    code: 'PRECONDITION_FAILED',
    reason: 'gateway-first',
    field: 'role',
  })
  const second = await createInvitation(world.operator, { networkId })
  expect(second).toMatchObject({ name: 'node-2', role: 'member' })
  await updateInvitation(world.operator, { nodeId: second.nodeId, role: 'gateway' })
  expect(await updateInvitation(world.operator, { nodeId: first.nodeId, role: 'member' })).toMatchObject({
    role: 'member',
  })
})

test('many that open the page at once get names and tokens of their own', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const made = await Promise.all(Array.from({ length: 8 }, () => createInvitation(world.operator, { networkId })))
  expect(new Set(made.map(({ name }) => name)).size).toBe(8)
  expect(new Set(made.map(({ token }) => token)).size).toBe(8)
  expect(made.filter(({ role }) => role === 'gateway')).toHaveLength(1)
})

test('the form fills the node in, by the same rules as later', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const { nodeId } = await createInvitation(world.operator, { networkId })
  const row = await updateInvitation(world.operator, {
    nodeId,
    name: 'gw',
    endpoint: 'VPN.example.org:51820',
    labels: { zone: 'a' },
  })
  expect(row).toMatchObject({ state: 'invited', name: 'gw', endpoint: 'vpn.example.org:51820', labels: { zone: 'a' } })
  for (const change of [{ name: 'a b' }, { endpoint: '10.77.0.1:1' }, { labels: { 'a b': '' } }]) {
    await expect(updateInvitation(world.operator, { nodeId, ...change })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  }
})

test('a fresh line ends the one before', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const { nodeId, token } = await createInvitation(world.operator, { networkId })
  const { token: fresh } = await reissueInvitation(world.operator, { nodeId })
  expect(fresh).not.toBe(token)
  const live = await world.db.prisma.joinToken.findMany({ where: { revokedAt: null } })
  expect(live.map(({ hash }) => Buffer.from(hash))).toEqual([Buffer.from(hashToken(fresh))])
})

test('revoking takes the node away with its token, and its name is free again', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const { nodeId } = await createInvitation(world.operator, { networkId })
  await revokeInvitation(world.operator, { nodeId })
  expect(await world.db.prisma.joinToken.count()).toBe(0)
  expect(await createInvitation(world.operator, { networkId })).toMatchObject({ name: 'node-1' })
})

test('once its machine has joined, an invitation is neither changed, issued again nor revoked', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const { id: nodeId } = await joinNode(world, networkId, 'gw')
  for (const late of [
    () => updateInvitation(world.operator, { nodeId, name: 'other' }),
    () => reissueInvitation(world.operator, { nodeId }),
    () => revokeInvitation(world.operator, { nodeId }),
  ]) {
    await expect(late()).rejects.toMatchObject({ code: 'CONFLICT', reason: 'wrong-state' })
  }
})

/** All rows of all tables as text, as a backup would have them. */
async function textOf(world: World): Promise<string> {
  const { rows: tables } = await world.db.pool.query<{ name: string }>(
    `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  const texts = await Promise.all(
    tables.map(async ({ name }) => JSON.stringify((await world.db.pool.query(`SELECT t::text FROM ${name} t`)).rows)),
  )
  return texts.join('\n')
}
