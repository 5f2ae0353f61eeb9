import { type Address, formatAddress, parseAddress } from '../ip/address.ts'
import { type AddressSet, ofFamily } from './address-set.ts'
import { includes } from './intervals.ts'
import type { Drop } from './parse-access-counters.ts'
import type { AccessPlan } from './plan-access.ts'
import { PROTOCOLS } from './protocol-names.ts'
import { hasPorts } from './service.ts'

/** The narrowest rule that would have let a dropped packet through, with names where there are some; `addRules` puts it into the text. */
export function proposeRule(
  plan: AccessPlan,
  { from, to, protocol, port }: Pick<Drop, 'from' | 'to' | 'protocol' | 'port'>,
): string {
  const name = Object.entries(PROTOCOLS).find(([, numbers]) => numbers.includes(protocol))?.[0] ?? String(protocol)
  const [source, target] = [wordFor(plan, from), wordFor(plan, to)]
  const destination = `${target.includes(':') && !/^[a-z]+:[^:]*$/.test(target) ? `[${target}]` : target}:${hasPorts(protocol) && port !== null ? port : '*'}`
  return `{ "action": "accept", "proto": "${name}", "src": ["${source}"], "dst": ["${destination}"] }`
}

function wordFor(plan: AccessPlan, text: string): string {
  const address = parseAddress(text)
  if (!address.ok) return text
  for (const { kind, name, owner, addresses } of plan.directory.machines.values())
    if (has(addresses, address.value)) return kind === 'node' ? `node:${name}` : (owner ?? text)
  for (const [cluster, pods] of plan.directory.pods) if (has(pods, address.value)) return `pods:${cluster}`
  return formatAddress(address.value)
}

const has = (set: AddressSet, { family, value }: Address): boolean => includes(ofFamily(set, family), value)
