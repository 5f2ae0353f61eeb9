/** For verbs: a network's world as it is at this moment, and the plan of the version that holds. */

import { createHash } from 'node:crypto'
import { plan } from '@spanwire/mesh/paths/plan'
import type { Finding } from '@spanwire/mesh/policy/finding'
import { type AccessPlan, planAccess } from '@spanwire/mesh/policy/plan-access'
import { OPEN_POLICY, type Policy } from '@spanwire/mesh/policy/policy'
import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import type { World } from '@spanwire/mesh/policy/world'
import type { Context } from '../context.ts'
import type { Db, Tx } from '../db.ts'
import { readNetworkInput } from '../machine/read-network-input.ts'
import { sqlOn } from '../machine/sql.ts'
import { sqlIn } from '../machine/sql-in.ts'
import { Refusal } from '../refusal.ts'
import { readWorld } from './read-world.ts'

export type NetworkPolicy = {
  readonly networkId: string
  readonly name: string
  /** Null where there is no policy: `plan` allows everything then. */
  readonly number: number | null
  readonly world: World
  readonly plan: AccessPlan
}

/** With `tx` on the connection of a transaction, so that nothing of it changes while that holds the network. */
export async function readNetworkPolicy(
  ctx: Pick<Context, 'db'>,
  organizationId: string,
  networkId: string,
  tx: Tx | null = null,
): Promise<NetworkPolicy> {
  const sql = tx ? sqlIn(tx) : sqlOn(ctx.db.pool)
  const read = await readNetworkInput(sql, networkId)
  if (read?.head.organizationId !== organizationId) throw new Refusal('NOT_FOUND', 'There is no such network.')
  const { head } = read
  const network = plan(read.input)
  const [world, policy] = await Promise.all([
    readWorld(sql, organizationId, network),
    head.policyNumber === null ? OPEN_POLICY : readVersion(ctx.db, networkId, head.policyNumber, tx ?? ctx.db.prisma),
  ])
  const { name } = head.settings
  return { networkId, name, number: head.policyNumber, world, plan: planned(ctx.db, networkId, policy, world) }
}

/** A text that nobody has saved, against the world of now. Null where it has an error. */
export function planOfText(
  ctx: Pick<Context, 'db'>,
  { networkId, world }: NetworkPolicy,
  text: string,
): { readonly plan: AccessPlan | null; readonly findings: readonly Finding[] } {
  const key = `${networkId} ${createHash('sha256').update(text).digest('base64url')}`
  const known = keptOf(ctx.db).policies.get(key)
  const { policy, findings } = known ? { policy: known, findings: [] } : readPolicy(text)
  if (!policy) return { plan: null, findings }
  keep(keptOf(ctx.db).policies, key, policy)
  return { plan: planned(ctx.db, key, policy, world), findings }
}

/** As a plan against the world of now, whatever version it is. */
export async function planOfVersion(
  ctx: Pick<Context, 'db'>,
  { networkId, world }: NetworkPolicy,
  number: number,
): Promise<AccessPlan> {
  return planAccess(await readVersion(ctx.db, networkId, number), world)
}

async function readVersion(
  db: Db,
  networkId: string,
  number: number,
  on: Pick<Tx, 'policyVersion'> = db.prisma,
): Promise<Policy> {
  const known = keptOf(db).policies.get(`${networkId} ${number}`)
  if (known) return known
  const row = await on.policyVersion.findUnique({ where: { networkId_number: { networkId, number } } })
  if (!row) throw new Refusal('NOT_FOUND', `There is no version ${number} of this policy.`)
  const { policy, findings } = readPolicy(row.text)
  if (!policy) {
    const [first] = findings
    throw new Refusal('CONFLICT', `Version ${number} cannot be read any more: line ${first?.line}: ${first?.message}`)
  }
  keep(keptOf(db).policies, `${networkId} ${number}`, policy)
  return policy
}

/** With the one before at hand it costs what changed. */
function planned(db: Db, networkId: string, policy: Policy, world: World): AccessPlan {
  const { plans } = keptOf(db)
  const made = planAccess(policy, world, plans.get(networkId) ?? null)
  keep(plans, networkId, made)
  return made
}

type Kept = { readonly policies: Map<string, Policy>; readonly plans: Map<string, AccessPlan> }
const kept = new WeakMap<Db, Kept>()
const MOST_KEPT = 32

function keptOf(db: Db): Kept {
  const known = kept.get(db) ?? { policies: new Map(), plans: new Map() }
  kept.set(db, known)
  return known
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  const oldest = map.size > MOST_KEPT ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
}
