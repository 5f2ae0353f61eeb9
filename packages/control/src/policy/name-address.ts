/** Who has an address, as a person would say it and as a policy would write it. */
import { type Address, formatAddress, parseAddress } from '@spanwire/mesh/ip/address'
import { ofFamily } from '@spanwire/mesh/policy/address-set'
import { includes } from '@spanwire/mesh/policy/intervals'
import type { AccessPlan } from '@spanwire/mesh/policy/plan-access'

export type NamedAddress = {
  /** `build-1`, `pods of home-2`, `phone of ada@example.org`, or the address. */
  readonly name: string
  /** Names it in `src` and `dst`: `node:build-1`, `pods:prod`, an e-mail address, or the address. */
  readonly selector: string
  readonly nodeId: string | null
}

/** A machine is looked for once for each address that is asked about. */
export function addressNamer(plan: AccessPlan): (text: string) => NamedAddress {
  const known = new Map<string, NamedAddress>()
  return (text) => {
    const before = known.get(text)
    if (before) return before
    const address = parseAddress(text)
    const named = (address.ok ? find(plan, address.value) : null) ?? { name: text, selector: text, nodeId: null }
    known.set(text, named)
    return named
  }
}

function find({ directory }: AccessPlan, address: Address): NamedAddress | null {
  const { family, value } = address
  for (const { id, name, kind, owner, addresses, pods } of directory.machines.values()) {
    if (includes(ofFamily(addresses, family), value)) {
      if (kind === 'node') return { name, selector: `node:${name}`, nodeId: id }
      return { name: `${name} of ${owner}`, selector: owner ?? formatAddress(address), nodeId: null }
    }
    if (includes(ofFamily(pods, family), value)) {
      const cluster = [...directory.pods].find(([, set]) => includes(ofFamily(set, family), value))?.[0]
      const selector = cluster === undefined ? formatAddress(address) : `pods:${cluster}`
      return { name: `pods of ${name}`, selector, nodeId: id }
    }
  }
  return null
}
