import { expect, test } from 'vitest'
import { createJoinKey } from '../join-key/create-join-key.ts'
import { setMemberRole } from '../member/set-member-role.ts'
import { updateNode } from '../node/update-node.ts'
import { createSite } from '../site/create-site.ts'
import { updateSite } from '../site/update-site.ts'
import { testWorld } from '../test-db.ts'
import { joinNode, testNetwork } from '../test-join.ts'
import { savePolicy } from './save-policy.ts'
import { policyScene } from './test-policy.ts'

const OWNED = `{
  "groups": { "group:ops": ["operator@acme.test"] },
  "tagOwners": { "tag:db": ["group:ops"], "tag:ci": ["autogroup:admin"] },
  "acls": [{ "action": "accept", "proto": "tcp", "src": ["tag:ci"], "dst": ["tag:db:5432"] }],
}`

test('tags are given by those whom the policy names, and by admins; without a policy by whoever changes machines', async () => {
  await using world = await testWorld()
  const { id: networkId } = await testNetwork(world)
  const { id } = await joinNode(world, networkId, 'gw')
  const give = (tags: string[], ctx = world.operator) => updateNode(ctx, { id, tags })
  expect((await give(['tag:web', 'old', 'web'])).tags).toEqual(['old', 'web'])
  await expect(give(['9to5'])).rejects.toMatchObject({ code: 'BAD_REQUEST', field: 'tags' })
  await expect(updateNode(world.viewer, { id, tags: [] })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await savePolicy(world.admin, { networkId, text: OWNED, confirmSeconds: null })
  // What it has, it may keep; what the policy forgot can go.
  expect((await give(['old', 'web', 'db'])).tags).toEqual(['db', 'old', 'web'])
  expect((await give(['db'])).tags).toEqual(['db'])
  await expect(give(['db', 'web'])).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', reason: 'unknown-tag' })
  await expect(give(['db', 'ci'])).rejects.toMatchObject({ code: 'FORBIDDEN', reason: 'tag-owner' })
  expect((await give(['db', 'ci'], world.admin)).tags).toEqual(['ci', 'db'])
  await expect(give(['db'])).rejects.toMatchObject({ reason: 'tag-owner' })
  const key = { networkId, name: 'image', maxUses: 5, expiresInHours: 1 }
  expect((await createJoinKey(world.admin, { ...key, tags: ['db'] })).row.tags).toEqual(['db'])
  await expect(createJoinKey(world.admin, { ...key, tags: ['nope'] })).rejects.toMatchObject({ reason: 'unknown-tag' })
})

test('a tag, a site and a role change rules where they are meant, on the machines that they concern', async () => {
  await using scene = await policyScene(2)
  const { networkId, world } = scene
  scene.at(600)
  const site = await createSite(world.operator, { networkId, name: 'attic' })
  const text = `{
    "tagOwners": { "tag:ci": ["autogroup:admin"] },
    "acls": [
      { "action": "accept", "proto": "tcp", "src": ["tag:ci"], "dst": ["node:node-2:5432"] },
      { "action": "accept", "proto": "tcp", "src": ["site:attic"], "dst": ["node:node-3:22"] },
    ],
  }`
  await savePolicy(world.admin, { networkId, text, confirmSeconds: null })
  const [db, shell] = scene.members
  const rules = async (node: typeof db) => (node ? ((await scene.bundle(node)).get('firewall.nft') ?? '') : '')
  await expect.poll(() => rules(db)).toContain('chain judge')
  expect(await rules(db)).not.toContain('from_1_v4')
  await updateNode(world.admin, { id: shell?.id ?? '', tags: ['ci'] })
  await expect.poll(() => rules(db)).toContain('elements = { 10.77.0.3 }')
  await updateNode(world.operator, { id: db?.id ?? '', siteId: site.id })
  await expect.poll(() => rules(shell)).toContain('elements = { 10.77.0.2 }')
  await updateSite(world.operator, { id: site.id, name: 'cellar' })
  await expect.poll(() => rules(shell)).not.toContain('elements = { 10.77.0.2 }')
  const revision = async () =>
    (await scene.sql<{ r: string }>('SELECT revision r FROM networks WHERE id = $1', [networkId]))[0]?.r
  const before = await revision()
  const { actor } = world.viewer
  await setMemberRole(world.owner, { userId: actor.kind === 'person' ? actor.userId : '', role: 'operator' })
  expect(await revision()).not.toBe(before)
})
