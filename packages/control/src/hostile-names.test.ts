/**
 * What a person types, or a machine calls itself, is refused or stays text: no file of any bundle ever has it. Every verb is walked
 * whose input has a name or a label; one that is added without a line here fails.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ZodError } from 'zod'
import { createApiKey } from './api-key/create-api-key.ts'
import { createCluster } from './cluster/create-cluster.ts'
import { proposeCluster } from './cluster/propose-cluster.ts'
import type { Context } from './context.ts'
import { createJoinKey } from './join-key/create-join-key.ts'
import { enrolText, files, publicKey, request, type Scene, testNode, testScene } from './machine/test-machine.ts'
import { inviteMember } from './member/invite-member.ts'
import { Refusal } from './refusal.ts'
import { createSite } from './site/create-site.ts'
import { readVerbs } from './test-verbs.ts'

const HOSTILE = {
  quote: "it's",
  'double quote': 'a"b',
  'line break': 'a\nserver https://evil.example -',
  substitution: '$(reboot)',
  backquotes: '`reboot`',
  backslash: 'a\\b',
  'three hundred': 'x'.repeat(300),
  emoji: '💥',
  'right to left': 'a\u202eb',
  nul: 'a\u0000b',
  markup: '<script>alert(1)</script>',
} as const
type Kind = keyof typeof HOSTILE
const KINDS = Object.keys(HOSTILE) as Kind[]

/** Words of people: kept as they are and shown as text. What breaks or hides a line is refused there, too. */
const PEOPLES: Kind[] = ['quote', 'double quote', 'substitution', 'backquotes', 'backslash', 'emoji', 'markup']

type Field = {
  readonly as: (scene: Scene) => Context
  readonly input: (text: string) => Record<string, unknown>
  readonly takes: readonly Kind[]
}

const owner = ({ world }: Scene) => world.owner
const NONE: readonly Kind[] = []
const password = 'correct horse battery'
let ids: { network: string; gateway: string; invited: string; site: string }
let people = 0
/** Each link is good for one person. */
const links: string[] = []
const email = () => `p${people++}@example.org`

const FIELDS: Readonly<Record<string, Field>> = {
  'create-network name': { as: owner, input: (name) => ({ name, cidr4: '10.123.0.0/16' }), takes: NONE },
  'create-network interfaceName': {
    as: owner,
    input: (interfaceName) => ({ name: 'other', cidr4: '10.123.0.0/16', interfaceName }),
    takes: NONE,
  },
  'update-network name': { as: owner, input: (name) => ({ id: ids.network, name }), takes: NONE },
  'update-network interfaceName': {
    as: owner,
    input: (interfaceName) => ({ id: ids.network, interfaceName }),
    takes: NONE,
  },
  'preview-network-update name': { as: owner, input: (name) => ({ id: ids.network, name }), takes: NONE },
  'preview-network-update interfaceName': {
    as: owner,
    input: (interfaceName) => ({ id: ids.network, interfaceName }),
    takes: NONE,
  },
  'delete-network confirmName': { as: owner, input: (confirmName) => ({ id: ids.network, confirmName }), takes: NONE },
  'create-site name': { as: owner, input: (name) => ({ networkId: ids.network, name }), takes: ['emoji', 'markup'] },
  'create-site zone': { as: owner, input: (zone) => ({ networkId: ids.network, name: 'attic', zone }), takes: NONE },
  'create-site region': {
    as: owner,
    input: (region) => ({ networkId: ids.network, name: 'attic', region }),
    takes: NONE,
  },
  'update-site name': { as: owner, input: (name) => ({ id: ids.site, name: `${name} 2` }), takes: ['emoji', 'markup'] },
  'update-site zone': { as: owner, input: (zone) => ({ id: ids.site, zone }), takes: NONE },
  'update-site region': { as: owner, input: (region) => ({ id: ids.site, region }), takes: NONE },
  'update-node name': { as: owner, input: (name) => ({ id: ids.gateway, name }), takes: NONE },
  'update-node labels': { as: owner, input: (text) => ({ id: ids.gateway, labels: { zone: text } }), takes: NONE },
  'update-invitation name': { as: owner, input: (name) => ({ nodeId: ids.invited, name }), takes: NONE },
  'update-invitation labels': {
    as: owner,
    input: (text) => ({ nodeId: ids.invited, labels: { [text]: 'a' } }),
    takes: NONE,
  },
  'delete-cluster confirmName': {
    as: owner,
    input: (confirmName) => ({ networkId: ids.network, confirmName }),
    takes: NONE,
  },
  'set-cluster-node kubernetesName': {
    as: owner,
    input: (kubernetesName) => ({ nodeId: ids.gateway, role: 'server', kubernetesName }),
    takes: NONE,
  },
  'set-cluster-node labels': {
    as: owner,
    input: (text) => ({ nodeId: ids.gateway, role: 'server', labels: { rack: text } }),
    takes: NONE,
  },
  'create-device name': {
    as: owner,
    input: (name) => ({ networkId: ids.network, name, publicKey: publicKey(), expiresInDays: null }),
    takes: NONE,
  },
  'create-join-key name': {
    as: owner,
    input: (name) => ({ networkId: ids.network, name, maxUses: 1, expiresInHours: 1 }),
    takes: PEOPLES,
  },
  'create-join-key labels': {
    as: owner,
    input: (text) => ({ networkId: ids.network, name: 'k', maxUses: 1, expiresInHours: 1, labels: { zone: text } }),
    takes: NONE,
  },
  'create-api-key name': { as: owner, input: (name) => ({ name, role: 'viewer', expiresInDays: 1 }), takes: PEOPLES },
  'accept-invitation name': {
    as: ({ world }) => world.nobody,
    input: (name) => ({ name, token: links.pop(), email: email(), password }),
    takes: PEOPLES,
  },
  'add-member name': {
    as: owner,
    input: (name) => ({ name, email: email(), password, role: 'viewer' }),
    takes: PEOPLES,
  },
  'add-owner name': {
    as: ({ world }) => world.system,
    input: (name) => ({ name, email: email(), password }),
    takes: PEOPLES,
  },
  'create-owner name': {
    as: ({ world }) => world.nobody,
    input: (name) => ({ name, email: email(), password, organizationName: 'Acme' }),
    takes: PEOPLES,
  },
  'create-owner organizationName': {
    as: ({ world }) => world.nobody,
    input: (organizationName) => ({ name: 'Ada', email: email(), password, organizationName }),
    takes: PEOPLES,
  },
}

const verbs = await readVerbs()
let scene: Scene
beforeAll(async () => {
  scene = await testScene()
  const gateway = await scene.join('gateway', 'gw')
  const { nodeId } = await scene.invite('member', 'next')
  const site = await createSite(scene.world.owner, { networkId: scene.networkId, name: 'Berlin' })
  const { settings } = await proposeCluster(scene.world.owner, { networkId: scene.networkId })
  await createCluster(scene.world.owner, { networkId: scene.networkId, settings })
  for (const _ of KINDS) {
    const { token } = await inviteMember(scene.world.owner, { role: 'viewer', expiresInHours: 1 })
    links.push(token)
  }
  ids = { network: scene.networkId, gateway: gateway.id, invited: nodeId, site: site.id }
})
afterAll(() => scene[Symbol.asyncDispose]())

test('every field of every verb that is a name or a label, or ends up in one, is walked', () => {
  const found = verbs.flatMap(({ name, input }) =>
    Object.keys(input.shape)
      .filter((key) => /name|label|^zone$|^region$/i.test(key))
      .map((key) => `${name} ${key}`),
  )
  expect(found.sort()).toEqual(Object.keys(FIELDS).sort())
})

describe.each(Object.entries(FIELDS))('%s', (name, field) => {
  const verb = verbs.find((one) => one.name === name.split(' ')[0])

  test.each(KINDS)('with a %s is refused, or only text', async (kind) => {
    const outcome = await refused(async () => {
      const input = verb?.input.parse(field.input(HOSTILE[kind]))
      await verb?.run(field.as(scene), input)
    })
    // The owner of this house is there: whose name was taken finds the door closed.
    expect(['BAD_REQUEST', field.takes.includes(kind) && (isSetup(name) ? 'CONFLICT' : 'OK')]).toContain(outcome)
    if (field.takes.includes(kind)) expect(outcome).not.toBe('BAD_REQUEST')
  })
})

test('no file of any bundle has any of it, in whatever it was written', async () => {
  const { world, networkId } = scene
  const site = await createSite(world.owner, { networkId, name: 'hut 💥 <b>' })
  const mixed = PEOPLES.map((kind) => HOSTILE[kind])
  await createApiKey(world.owner, { name: mixed.join(' '), role: 'viewer', expiresInDays: 1 })
  const key = await createJoinKey(world.owner, {
    ...{ networkId, name: mixed.join(' '), siteId: site.id },
    ...{ maxUses: KINDS.length, expiresInHours: 1 },
  })
  const bundles = []
  for (const text of Object.values(HOSTILE)) {
    const body = enrolText(testNode(), text).replace(/^ os .*$/m, ` os ${text.replaceAll('\n', ' ')}`)
    const answer = await scene.machine.enrol(request(key.token, body))
    // A line break in a hostname is no message of ours.
    if (answer.status === 200) bundles.push(await files(answer))
    else expect(answer.status).toBe(400)
  }
  expect(bundles.length).toBeGreaterThanOrEqual(KINDS.length - 2)
  const gateway = await scene.join('gateway', 'gw-2')
  bundles.push(await files(gateway.first))
  for (const bundle of bundles) {
    for (const [name, text] of bundle) {
      expect(text, name).toMatch(/^[\n\t\x20-\x7e]*$/)
      expect(text, name).not.toMatch(/evil|<|\$\(|`|it's|x{64}/)
    }
  }
})

const isSetup = (name: string): boolean => name.startsWith('create-owner')

async function refused(work: () => Promise<void>): Promise<string> {
  try {
    await work()
    return 'OK'
  } catch (error) {
    if (error instanceof ZodError) return 'BAD_REQUEST'
    if (error instanceof Refusal) return error.code
    throw error
  }
}
