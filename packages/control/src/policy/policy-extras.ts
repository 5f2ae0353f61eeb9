import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import { keptAccess } from '@spanwire/mesh/policy/kept-access'
import { type Extras, NO_EXTRAS, type PolicyExtras } from '@spanwire/mesh/protocol/render-bundle'
import type { NetworkHead } from '../machine/network-rows.ts'
import type { NetworkAccess } from './network-access.ts'

/**
 * Puts each node's rules into what it is to have: those that hold for all, those on trial for who was well when it began. A node that
 * was away, or joins meanwhile, hears of what is confirmed only.
 */
export function addPolicyExtras(
  extras: Map<string, Extras>,
  { policyNumber, trial, settings }: NetworkHead,
  network: NetworkPlan,
  access: NetworkAccess,
  part: PolicyExtras['part'],
): void {
  const watched = new Set(trial?.watched)
  const rulesOf = (plan: NetworkAccess['confirmed'], id: string) =>
    plan === null ? null : keptAccess(plan, id, settings.interfaceName)
  for (const id of network.nodes.keys()) {
    const onTrial = trial && watched.has(id) ? trial : null
    extras.set(id, {
      ...(extras.get(id) ?? NO_EXTRAS),
      access: rulesOf(access.confirmed, id),
      policy: {
        part,
        confirmed: policyNumber ?? 0,
        trial: onTrial && {
          id: onTrial.id,
          number: onTrial.number,
          seconds: onTrial.seconds,
          access: rulesOf(access.trial, id),
        },
      },
    })
  }
}

/** For a script from before policies: the rules that hold, and nothing that it would refuse. */
export function withoutPolicy(extras: Extras): Extras {
  if (!extras.policy) return extras
  const known = stripped.get(extras)
  if (known) return known
  const { policy: _, ...rest } = extras
  stripped.set(extras, rest)
  return rest
}

/** The same object for the same, by which fingerprints know that nothing changed. */
const stripped = new WeakMap<Extras, Extras>()

/** Texts of rules are long, so they are compared as they are. */
export function sameExtras(a: Extras, b: Extras): boolean {
  const { access, policy, ...rest } = a
  const { access: otherAccess, policy: otherPolicy, ...otherRest } = b
  if (access !== otherAccess || policy?.trial?.access !== otherPolicy?.trial?.access) return false
  const short = (one: PolicyExtras | null | undefined) =>
    one && { ...one, trial: one.trial && { ...one.trial, access: '' } }
  return JSON.stringify([rest, short(policy)]) === JSON.stringify([otherRest, short(otherPolicy)])
}
