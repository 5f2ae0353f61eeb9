import type { Family } from '../ip/address.ts'
import type { Place } from './finding.ts'

/** The autogroups that have a meaning here. `self` stands in a destination only. */
export const AUTOGROUPS = ['member', 'tagged', 'owner', 'admin', 'self', 'danger-all'] as const
export type Autogroup = (typeof AUTOGROUPS)[number]

/** Words before the colon that name something which the policy or the network has. */
export const NAMED_KINDS = ['group', 'tag', 'node', 'site', 'cluster', 'servers', 'pods'] as const
export type NamedKind = (typeof NAMED_KINDS)[number]

/** Whom a rule speaks of, as it was written. */
export type Selector = { readonly text: string; readonly at: Place } & (
  | { readonly kind: 'any' }
  | { readonly kind: NamedKind; readonly name: string }
  /** `name` is an e-mail address, in lower case. */
  | { readonly kind: 'user'; readonly name: string }
  /** `*@example.com`: all users of it. */
  | { readonly kind: 'domain'; readonly name: string }
  | { readonly kind: 'host'; readonly name: string }
  | { readonly kind: 'autogroup'; readonly name: Autogroup }
  | { readonly kind: 'addresses'; readonly family: Family; readonly first: bigint; readonly last: bigint }
  /** Something of Tailscale's that nobody here is; it is said once, as a warning. */
  | { readonly kind: 'nobody' }
)

/** Two selectors with one key mean the same, wherever they stand. */
export function selectorKey(selector: Selector): string {
  switch (selector.kind) {
    case 'any':
    case 'nobody':
      return selector.kind
    case 'addresses':
      return `${selector.family} ${selector.first} ${selector.last}`
    default:
      return `${selector.kind}:${selector.name}`
  }
}
