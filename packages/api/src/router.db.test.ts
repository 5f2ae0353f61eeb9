import type { Context, Role } from '@spanwire/control/context'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { exampleInputs, LONG_QUESTIONS, OWN_THINGS, type TenantIds } from './example-inputs.ts'
import { outcome, procedures, type Walked } from './procedures.ts'
import { appRouter } from './router.ts'
import { type TwoTenants, twoTenants } from './two-tenants.ts'

let tenants: TwoTenants
beforeAll(async () => {
  tenants = await twoTenants()
})
afterAll(() => tenants[Symbol.asyncDispose]())

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin', 'owner']
const PUBLIC = ['setup.state', 'setup.createOwner', 'member.invitation', 'member.accept']
const closed = procedures.filter((procedure) => procedure.role !== 'public')
/** Filters over what is the actor's own anyway: another tenant's id finds nothing. */
const FILTERS: Readonly<Record<string, readonly string[]>> = { 'activity.list': ['subjectId'] }

test.each(procedures)('$name says who may call it and has an example', ({ name, role }) => {
  expect(role).toBeDefined()
  expect(role === 'public').toBe(PUBLIC.includes(name))
  expect(exampleInputs[name], 'add it to example-inputs.ts').toBeDefined()
})

test('no example is left of a procedure that is gone', () => {
  expect(Object.keys(exampleInputs).sort()).toEqual(procedures.map(({ name }) => name).sort())
})

test.each(procedures.filter(({ type }) => type === 'mutation'))(
  '$name, a write, is not for viewers',
  ({ name, role }) => {
    const open = [...PUBLIC, ...OWN_THINGS, ...LONG_QUESTIONS]
    expect(open.includes(name) || role !== 'viewer').toBe(true)
  },
)

test.each(procedures)('$name takes no id that its examples do not name', ({ name, shape }) => {
  const example = exampleInputs[name]
  const inputs = [example?.input(tenants.own), example?.mixed?.(tenants.own, tenants.other)]
  const named = inputs.flatMap((input) => Object.keys(input ?? {}))
  const ids = Object.keys(shape).filter((key) => shape[key] && isId(shape[key]))
  expect(ids.filter((key) => !named.includes(key) && !FILTERS[name]?.includes(key))).toEqual([])
})

describe.each(closed)('$name', (procedure) => {
  const example = exampleInputs[procedure.name]
  const call = (control: Context, input: unknown) => outcome(tenants.context(control), procedure, input)

  test('is refused to who is not signed in, and to nodes', async () => {
    const { world, own } = tenants
    expect(await call(world.nobody, example?.input(own))).toBe('UNAUTHORIZED')
    const node = world.as({
      kind: 'node',
      nodeId: own.gateway,
      name: 'gate',
      networkId: own.network,
      organizationId: world.organization.id,
    })
    expect(await call(node, example?.input(own))).toBe('FORBIDDEN')
  })

  test.each(rolesBelow(procedure))('is refused to the role %s, as a person and by key', async (role) => {
    const { world, own } = tenants
    const organizationId = world.organization.id
    const key = world.as({ kind: 'api-key', id: own.apiKey, name: 'ci', organizationId, role })
    for (const control of [world[role], key]) {
      expect(await call(control, example?.input(own))).toBe('FORBIDDEN')
      // Who may not call it learns nothing of its input either.
      expect(await call(control, { nonsense: true })).toBe('FORBIDDEN')
    }
  })

  test("answers another tenant's ids as ids that never were", async () => {
    const { world, own, other } = tenants
    if (!namesIds(example?.input(other), other))
      return expect(Object.values(procedure.shape).some(isRequiredId)).toBe(false)
    const before = await everything()
    expect(await call(world.owner, example?.input(other))).toBe('NOT_FOUND')
    if (example?.mixed) expect(await call(world.owner, example.mixed(own, other))).toBe('NOT_FOUND')
    expect(await call(world.owner, example?.input(NEVER_WERE))).toBe('NOT_FOUND')
    expect(await everything()).toEqual(before)
  })
})

test("another tenant's subject has no activity for us", async () => {
  const { world, other } = tenants
  const { actor } = world.stranger
  await world.db.prisma.event.create({
    data: {
      organizationId: 'organizationId' in actor ? (actor.organizationId ?? '') : '',
      actorKind: 'person',
      actorName: 'owner@globex.test',
      action: 'node.pause',
      subjectKind: 'node',
      subjectId: other.gateway,
      subjectName: 'gate',
    },
  })
  const read = (control: Context) =>
    appRouter.createCaller(tenants.context(control)).activity.list({ subjectId: other.gateway })
  expect((await read(world.owner)).rows).toEqual([])
  expect((await read(world.stranger)).rows).toHaveLength(1)
})

test('nothing unexpected was logged', () => expect(tenants.logged).toEqual([]))

const NEVER_WERE: TenantIds = {
  network: '01900000-0000-7000-8000-000000000001',
  networkName: 'never',
  site: '01900000-0000-7000-8000-000000000002',
  gateway: '01900000-0000-7000-8000-000000000003',
  invited: '01900000-0000-7000-8000-000000000004',
  paused: '01900000-0000-7000-8000-000000000005',
  quarantined: '01900000-0000-7000-8000-000000000006',
  joinKey: '01900000-0000-7000-8000-000000000007',
  apiKey: '01900000-0000-7000-8000-000000000008',
  member: '01900000-0000-7000-8000-000000000009',
  bareNetwork: '01900000-0000-7000-8000-00000000000a',
  trialNetwork: '01900000-0000-7000-8000-00000000000f',
  twinGateway: '01900000-0000-7000-8000-0000000000aa',
  rotating: '01900000-0000-7000-8000-0000000000ab',
  memberInvitation: '01900000-0000-7000-8000-000000000010',
  clusterName: 'never',
  agent: '01900000-0000-7000-8000-00000000000b',
  leaving: '01900000-0000-7000-8000-00000000000c',
  device: '01900000-0000-7000-8000-00000000000d',
  csr: 'never',
  kubeconfig: '01900000-0000-7000-8000-00000000000e',
}

/** All rows of both tenants that a procedure could touch, as text. */
async function everything(): Promise<unknown[]> {
  const { pool } = tenants.world.db
  const tables = [
    ...['networks', 'sites', 'nodes', 'join_tokens', 'api_keys', 'memberships', 'events', 'tombstones'],
    ...['clusters', 'cluster_nodes', 'node_requests', 'devices'],
    ...['policy_versions', 'policy_trials', 'member_invitations', 'key_rotations', 'node_routes'],
  ]
  return Promise.all(
    tables.map(async (table) => (await pool.query(`select to_jsonb(t)::text row from ${table} t order by 1`)).rows),
  )
}

function rolesBelow({ role }: Walked): Role[] {
  return role === undefined || role === 'public' ? [] : ROLES.slice(0, ROLES.indexOf(role))
}

function namesIds(input: Record<string, unknown> | undefined, ids: TenantIds): boolean {
  const values = new Set<unknown>(Object.values(input ?? {}))
  return Object.entries(ids).some(([key, id]) => !key.endsWith('Name') && values.has(id))
}

function isId(schema: z.ZodType): boolean {
  let inner: unknown = schema
  while (typeof inner === 'object' && inner !== null && 'unwrap' in inner) inner = (inner.unwrap as () => unknown)()
  return (inner as { format?: unknown }).format === 'uuid'
}

const isRequiredId = (schema: z.ZodType): boolean => isId(schema) && !schema.safeParse(undefined).success
