/** What a server process keeps of a network's policy beside its plan: the version that holds and the one on trial, as plans of access. */
import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import { type AccessPlan, planAccess } from '@spanwire/mesh/policy/plan-access'
import type { Policy } from '@spanwire/mesh/policy/policy'
import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import type { NetworkHead } from '../machine/network-rows.ts'
import type { Sql } from '../machine/sql.ts'
import { readWorld } from './read-world.ts'

export type NetworkAccess = {
  /** By number: a version never changes. */
  readonly policies: ReadonlyMap<number, Policy>
  readonly confirmed: AccessPlan | null
  readonly trial: AccessPlan | null
}

/** Null where there is no policy, and none on trial: then nothing is read. `before` only saves work. */
export async function readNetworkAccess(
  sql: Sql,
  { policyNumber, trial, organizationId }: NetworkHead,
  network: NetworkPlan,
  before: NetworkAccess | null,
): Promise<NetworkAccess | null> {
  const numbers = [policyNumber, trial?.number ?? null].filter((number) => number !== null)
  if (numbers.length === 0) return null
  const policies = await readPolicies(sql, network.settings.id, numbers, before?.policies ?? new Map())
  const world = await readWorld(sql, organizationId, network)
  const known = [before?.confirmed, before?.trial]
  const planOf = (number: number | null | undefined): AccessPlan | null => {
    const policy = number === null || number === undefined ? undefined : policies.get(number)
    // What was on trial goes on as the one that holds.
    return policy ? planAccess(policy, world, known.find((plan) => plan?.policy === policy) ?? null) : null
  }
  return { policies, confirmed: planOf(policyNumber), trial: planOf(trial?.number) }
}

async function readPolicies(
  sql: Sql,
  networkId: string,
  numbers: readonly number[],
  known: ReadonlyMap<number, Policy>,
): Promise<ReadonlyMap<number, Policy>> {
  const missing = numbers.filter((number) => !known.has(number))
  const rows =
    missing.length === 0
      ? []
      : await sql.query<{ number: number; text: string }>(
          'SELECT number, text FROM policy_versions WHERE network_id = $1 AND number = ANY($2::int[])',
          [networkId, missing],
        )
  const found = new Map(rows.map(({ number, text }) => [number, readStored(networkId, number, text)]))
  return new Map(
    numbers.flatMap((number) => {
      const policy = known.get(number) ?? found.get(number)
      return policy ? [[number, policy] as const] : []
    }),
  )
}

/** It could be read when it was written. If not any more nobody is told anything: machines keep the rules they have. */
function readStored(networkId: string, number: number, text: string): Policy {
  const { policy, findings } = readPolicy(text)
  if (policy) return policy
  throw new Error(`version ${number} of the policy of network ${networkId} cannot be read: ${findings[0]?.message}`)
}
