/** Tags that somebody gives a machine: a policy's rules mean it by them, so the policy says who may give them. */
import { OPEN_POLICY, type Policy } from '@spanwire/mesh/policy/policy'
import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import type { Selector } from '@spanwire/mesh/policy/selector'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Network, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'
import { roleAtLeast } from '../require-role.ts'

/** Without the `tag:` in front. */
export const Tags = z.array(z.string().max(140)).max(64, 'A machine has 64 tags at most.')

const TAG = /^[a-zA-Z][a-zA-Z0-9_.-]{0,127}$/

/** Sorted, each once. `before` are those that it has: to keep one needs nobody's leave. */
export async function acceptTags(
  tx: Tx,
  ctx: Context,
  network: Network,
  wanted: readonly string[],
  before: readonly string[] = [],
): Promise<string[]> {
  const tags = [...new Set(wanted.map((tag) => tag.trim().replace(/^tag:/, '')))].sort()
  const odd = tags.find((tag) => !TAG.test(tag))
  if (odd !== undefined)
    throw new Refusal('BAD_REQUEST', `"${odd.slice(0, 60)}" cannot be a tag.`, {
      field: 'tags',
      fix: 'Tags begin with a letter and have letters, digits, - _ .',
    })
  // Taken away, a machine may come into a wider rule as well as out of one: both need the owner's leave.
  const touched = [...tags.filter((tag) => !before.includes(tag)), ...before.filter((tag) => !tags.includes(tag))]
  const policy = touched.length === 0 ? null : await policyThatHolds(tx, network)
  for (const tag of policy ? touched : []) requireOwner(ctx, policy ?? OPEN_POLICY, tag, tags.includes(tag))
  return tags
}

/** Without one anybody who may change a machine may give it any tag. */
async function policyThatHolds(tx: Tx, { id, policyNumber }: Network): Promise<Policy | null> {
  if (policyNumber === null) return null
  const where = { networkId_number: { networkId: id, number: policyNumber } }
  const version = await tx.policyVersion.findUnique({ where })
  return version ? readPolicy(version.text).policy : null
}

function requireOwner(ctx: Context, policy: Policy, tag: string, isGiven: boolean): void {
  const entry = policy.tagOwners.get(tag)
  if (!entry) {
    // One that the policy forgot can go.
    if (!isGiven) return
    throw new Refusal('PRECONDITION_FAILED', `The policy has no tag "${tag}".`, {
      field: 'tags',
      reason: 'unknown-tag',
      fix: `Put "tag:${tag}" into the policy's tagOwners first.`,
    })
  }
  if (entry.owners.some((owner) => isMeant(ctx, policy, owner)) || mayAll(ctx)) return
  const owners = entry.owners.map(({ text }) => text).join(', ') || 'nobody'
  throw new Refusal('FORBIDDEN', `The tag "${tag}" is given by ${owners}, and by admins.`, {
    field: 'tags',
    reason: 'tag-owner',
  })
}

/** Who may write the policy could write themselves into it. */
const mayAll = ({ actor }: Context): boolean =>
  actor.kind === 'system' || ('role' in actor && roleAtLeast(actor.role, 'admin'))

function isMeant(ctx: Context, policy: Policy, owner: Selector): boolean {
  const { actor } = ctx
  if (actor.kind !== 'person') return false
  const email = actor.name.toLowerCase()
  switch (owner.kind) {
    case 'any':
      return true
    case 'user':
      return owner.name === email
    case 'domain':
      return email.endsWith(`@${owner.name}`)
    case 'group':
      return (policy.groups.get(owner.name)?.members ?? []).some((member) => isMeant(ctx, policy, member))
    case 'autogroup':
      return owner.name === 'member' || owner.name === actor.role
    default:
      return false
  }
}
