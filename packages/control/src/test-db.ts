/**
 * A world for a test: a database of its own, copied from the template, with two organizations in it.
 *
 *   await using world = await testWorld()
 *   await createSite(world.operator, { networkId, name: 'Berlin' })
 */
import { randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { Actor, Context, Role, Server, Services } from './context.ts'
import { type Db, openDb } from './db.ts'
import { openHints } from './hints.ts'
import { type LimitSizes, makeLimits } from './limits.ts'
import { makeSeal } from './secrets.ts'
import { databaseUrl, TEMPLATE } from './test-postgres.ts'

export type World = AsyncDisposable & {
  readonly db: Db
  readonly url: string
  readonly services: Services
  readonly organization: { readonly id: string; readonly name: string }
  readonly owner: Context
  readonly admin: Context
  readonly operator: Context
  readonly viewer: Context
  /** owner of another organization */
  readonly stranger: Context
  readonly nobody: Context
  readonly system: Context
  as(actor: Actor, address?: string): Context
  /** Time of the verbs; of the machine unless it was set. */
  setNow(now: Date): void
}

export type TestWorldOptions = { readonly server?: Partial<Server>; readonly limits?: LimitSizes }

export async function testWorld(options: TestWorldOptions = {}): Promise<World> {
  const database = await testDatabase()
  const db = await openDb(database.url, { max: 10 })
  const hints = await openHints(db)
  let now: Date | null = null
  const services: Services = {
    db,
    now: () => now ?? new Date(),
    random: randomBytes,
    seal: makeSeal('a secret of the tests, long enough'),
    hints,
    limits: makeLimits(db, options.limits),
    server: { url: 'https://spanwire.test:3000', pin: null, prefixes: () => [], ...options.server },
  }
  const as = (actor: Actor, address: string | null = '192.0.2.1'): Context => ({ ...services, actor, address })
  const organization = { id: randomUUID(), name: 'Acme' }
  const other = { id: randomUUID(), name: 'Globex' }
  await db.prisma.organization.createMany({ data: [organization, other] })
  const person = async (role: Role, organizationId: string, email: string): Promise<Context> => {
    // No password fits: who signs in in a test makes an account of its own.
    const user = await db.prisma.user.create({ data: { email, name: email.split('@')[0] ?? email, passwordHash: '-' } })
    await db.prisma.membership.create({ data: { userId: user.id, organizationId, role } })
    return as({ kind: 'person', userId: user.id, name: email, organizationId, role })
  }
  return {
    db,
    url: database.url,
    services,
    organization,
    owner: await person('owner', organization.id, 'owner@acme.test'),
    admin: await person('admin', organization.id, 'admin@acme.test'),
    operator: await person('operator', organization.id, 'operator@acme.test'),
    viewer: await person('viewer', organization.id, 'viewer@acme.test'),
    stranger: await person('owner', other.id, 'owner@globex.test'),
    nobody: as({ kind: 'nobody' }),
    system: as({ kind: 'system', name: 'test', organizationId: organization.id }, undefined),
    as,
    setNow(time) {
      now = time
    },
    async [Symbol.asyncDispose]() {
      await hints.close()
      await db.close()
      await database.drop()
    },
  }
}

/** An empty database with the whole schema: no organization, no one. */
export async function testDatabase(template: string = TEMPLATE): Promise<{ url: string; drop(): Promise<void> }> {
  const name = await (template === TEMPLATE ? prepared() : make(template))
  return {
    url: databaseUrl(inject('postgresUrl'), name),
    drop: async () => {
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

let next: Promise<string> | undefined

/** The copy of the template that was made while the test before ran; the next one is begun. Most of a test's time was waiting for it. */
function prepared(): Promise<string> {
  const ready = next?.catch(() => make(TEMPLATE)) ?? make(TEMPLATE)
  next = ready.then(() => make(TEMPLATE))
  next.catch(() => {})
  return ready
}

async function make(template: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template}`)
  return name
}

let admin: pg.Pool | undefined

function onServer(statement: string): Promise<unknown> {
  admin ??= new pg.Pool({ connectionString: inject('postgresUrl'), max: 2, allowExitOnIdle: true }).on(
    'error',
    () => {},
  )
  return admin.query(statement)
}
