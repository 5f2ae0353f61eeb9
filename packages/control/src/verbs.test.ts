/**
 * What holds for every verb of persons, those of tomorrow included: the files are walked. A verb that is added without a rule, or
 * whose input has an id that this test does not know how to fill, fails here.
 */
import { defaultClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiKey } from './api-key/create-api-key.ts'
import { createDevice } from './device/create-device.ts'
import { createInvitation } from './invitation/create-invitation.ts'
import { createJoinKey } from './join-key/create-join-key.ts'
import { publicKey } from './machine/test-machine.ts'
import { createSite } from './site/create-site.ts'
import { testWorld, type World } from './test-db.ts'
import { joinNode, testNetwork } from './test-join.ts'
import { readVerbs, type Verb } from './test-verbs.ts'

/** Open to whoever comes, by its nature; it closes itself. */
const PUBLIC = ['create-owner', 'get-setup-state', 'look-at-invitation', 'accept-invitation']
/** Not an input and an answer: a stream, tested beside it, and one that takes the program's version. */
/** About what is one's own: a viewer may too. */
const OWN_THINGS = [
  'create-device',
  'confirm-device-file',
  'revoke-device',
  'request-kubeconfig',
  'download-kubeconfig',
]
const OTHER_SHAPE = ['listen-hints', 'get-me']
/** Concern the organization as a whole, so that their input names nothing of another tenant. */
const WITHOUT_IDS = ['create-api-key', 'create-network', 'add-member', 'add-owner', 'invite-member']

const verbs = (await readVerbs()).filter(({ name }) => !PUBLIC.includes(name) && !OTHER_SHAPE.includes(name))
const writing = verbs.filter(({ writes }) => writes)
const byName = (list: readonly Verb[]) => list.map((verb) => [verb.name, verb] as const)

let world: World
let ids: Record<string, string>

beforeAll(async () => {
  world = await testWorld()
  const { id: network } = await testNetwork(world)
  const node = await joinNode(world, network, 'gw')
  const invited = await createInvitation(world.operator, { networkId: network })
  const site = await createSite(world.operator, { networkId: network, name: 'Berlin' })
  const joinKey = await createJoinKey(world.admin, { networkId: network, name: 'k', maxUses: 1, expiresInHours: 1 })
  const apiKey = await createApiKey(world.admin, { name: 'k', role: 'viewer', expiresInDays: 1 })
  const { device } = await createDevice(world.viewer, {
    networkId: network,
    name: 'phone',
    publicKey: publicKey(),
    expiresInDays: 1,
  })
  const { actor } = world.viewer
  const signed = await world.db.prisma.nodeRequest.create({
    data: {
      nodeId: node.id,
      kind: 'k3s-sign',
      args: [],
      timeoutSeconds: 60,
      askedBy: 'viewer@acme.test',
      expiresAt: new Date(),
    },
  })
  ids = {
    network,
    node: node.id,
    invitation: invited.nodeId,
    site: site.id,
    'join-key': joinKey.row.id,
    'api-key': apiKey.row.id,
    member: actor.kind === 'person' ? actor.userId : '',
    topology: network,
    policy: network,
    cluster: signed.id,
    device: device.id,
  }
})
afterAll(() => world[Symbol.asyncDispose]())

test('the walk finds the verbs that there are', () => {
  expect(writing.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['create-network', 'delete-network', 'remove-node', 'create-invitation', 'revoke-api-key']),
  )
  expect(writing.length).toBeGreaterThanOrEqual(23)
  expect(verbs.length).toBeGreaterThan(writing.length + 10)
})

describe('every verb', () => {
  test.each(byName(verbs))('%s asks for a role before it does anything', (_, { source }) => {
    const body = source.slice(source.indexOf('export async function'))
    const asked = body.indexOf('requireRole(ctx')
    expect(asked).toBeGreaterThan(0)
    expect(body.slice(0, asked)).not.toMatch(/await|inTransaction/)
  })

  test.each(byName(verbs))('%s is nothing for somebody who is not signed in', async (_, verb) => {
    await expect(verb.run(world.nobody, inputOf(verb))).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test.each(byName(verbs))('%s is nothing for a node', async (_, verb) => {
    const actor = { kind: 'node', nodeId: ids.node ?? '', name: 'gw', networkId: ids.network ?? '' } as const
    const ctx = world.as({ ...actor, organizationId: world.organization.id })
    await expect(verb.run(ctx, inputOf(verb))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test.each(byName(verbs.filter(hasIds)))("%s finds nothing behind another tenant's ids", async (_, verb) => {
    const before = await fingerprint()
    await expect(verb.run(world.stranger, inputOf(verb))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await fingerprint()).toBe(before)
  })

  test('has ids in its input, or is known to need none', () => {
    const without = writing.filter((verb) => !hasIds(verb)).map(({ name }) => name)
    expect(without.sort()).toEqual([...WITHOUT_IDS].sort())
  })
})

describe('every verb that writes', () => {
  test.each(byName(writing.filter(({ name }) => !OWN_THINGS.includes(name))))(
    '%s is refused to a viewer, and nothing changes',
    async (_, verb) => {
      const before = await fingerprint()
      await expect(verb.run(world.viewer, inputOf(verb))).rejects.toMatchObject({ code: 'FORBIDDEN' })
      expect(await fingerprint()).toBe(before)
    },
  )

  test.each(byName(writing))('%s writes in a transaction and into the log', (_, { source }) => {
    expect(source).toMatch(/inTransaction\(ctx/)
    expect(source).toMatch(/await (audit|changeNode|takeOutNode)\(tx, ctx/)
  })
})

/** As much of an input as any verb may ask for, with the ids of the first organization. */
function inputOf(verb: Verb): unknown {
  const known: Record<string, unknown> = {
    id: ids[verb.room],
    network: ids.network,
    networkId: ids.network,
    nodeId: verb.room === 'invitation' ? ids.invitation : ids.node,
    userId: ids.member,
    subjectId: ids.node,
    name: 'another',
    confirmName: 'home-lab',
    cidr4: '10.123.0.0/16',
    role: 'member' as const,
    maxUses: 1,
    expiresInHours: 1,
    email: 'ada@example.org',
    password: 'correct horse battery',
    range: '1h',
    limit: 10,
    settings: defaultClusterSettings('k3s', { kind: 'channel', channel: 'stable' }),
    text: '{}',
    number: 1,
    row: 0,
    column: 0,
    from: verb.name === 'explain-access' ? 'gw' : 1,
    to: verb.name === 'explain-access' ? 'gw' : 1,
    port: 22,
    topology: 'mesh',
    gateways: [],
    prefix: '192.168.70.0/24',
    fromId: ids.node,
    toId: ids.node,
    step: 'cordon',
    csr: 'none',
    publicKey: 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=',
    expiresInDays: 1,
  }
  if (verb.room === 'cluster') known.role = 'agent'
  if (verb.room === 'api-key' || verb.room === 'member') known.role = 'viewer'
  const shape = Object.keys(verb.input.shape)
  const input = Object.fromEntries(Object.entries(known).filter(([key]) => shape.includes(key)))
  return verb.input.parse(input)
}

/** Lists over the whole organization filter by ids, and answer an empty list for another tenant's. */
function hasIds({ input, room }: Verb): boolean {
  if (room === 'activity') return false
  return ['id', 'network', 'networkId', 'nodeId', 'userId'].some((key) => key in input.shape)
}

/** Changes when any row of any table does. */
async function fingerprint(): Promise<string> {
  const { rows } = await world.db.pool.query<{ name: string }>(
    `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  )
  const parts = []
  for (const { name } of rows) {
    const result = await world.db.pool.query(
      `SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS sum FROM ${name} t`,
    )
    parts.push(`${name} ${result.rows[0]?.sum}`)
  }
  return parts.join('\n')
}
