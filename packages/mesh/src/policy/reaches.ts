import { type Address, formatAddress } from '../ip/address.ts'
import { type AddressSet, ofFamily } from './address-set.ts'
import { formatServices } from './format-services.ts'
import { includes } from './intervals.ts'
import type { Machine } from './machine.ts'
import type { Part } from './parts.ts'
import type { AccessPlan } from './plan-access.ts'
import { probesOf } from './probes.ts'
import { protocolName } from './protocol-names.ts'
import { belongsTo, ICMP, ICMPV6, serviceHas } from './service.ts'

export type Question = {
  readonly from: Address
  readonly to: Address
  readonly protocol: number
  /** Null where the protocol has none. */
  readonly port: number | null
}

export type Answer = {
  readonly allowed: boolean
  /** The first rule that says so, and where it stands. */
  readonly rule: { readonly number: number; readonly line: number; readonly column: number } | null
  /** One sentence for a person. */
  readonly why: string
}

/** Whether the policy lets one packet that begins a flow through, and which rule says so. */
export function reaches(plan: AccessPlan, question: Question): Answer {
  const { from, to, protocol, port } = question
  const [source, target] = [machineAt(plan, from), machineAt(plan, to)]
  const what = `${protocolName(protocol)}${port === null ? '' : ` ${port}`}`
  const names = `${source?.name ?? formatAddress(from)} to ${target?.name ?? formatAddress(to)}`
  const answer = (allowed: boolean, why: string): Answer => ({ allowed, rule: null, why })
  if (from.family !== to.family) return answer(false, 'An IPv4 address cannot speak with an IPv6 address.')
  if (!belongsTo(protocol, from.family))
    return answer(false, `${protocolName(protocol)} does not exist in IPv${from.family}.`)
  if (source && source === target)
    return answer(true, `Both are on ${source.name}: what stays on a machine passes no tunnel and is not judged.`)
  if (plan.policy.isOpen) return answer(true, 'There is no policy, so everything inside of the network is allowed.')
  const parts = plan.parts.filter((part) => has(part.sources, from) && has(part.destinations, to))
  const part = parts.find(({ services }) => services.some((service) => serviceHas(service, protocol, port)))
  const rule = part && plan.policy.rules.find(({ number }) => number === part.rule)
  if (rule)
    return {
      allowed: true,
      rule: { number: rule.number, line: rule.at.line, column: rule.at.column },
      why: `Rule ${rule.number} (line ${rule.at.line}) lets ${what} from ${names} through.`,
    }
  if (target && isProbe(plan, target, question))
    return answer(true, `Pings from ${names} measure the tunnel and always pass.`)
  return answer(false, denied(what, names, parts))
}

function denied(what: string, names: string, parts: readonly Part[]): string {
  if (parts.length === 0) return `No rule lets anything from ${names} through.`
  const services = formatServices(parts.flatMap(({ services }) => services))
  return `No rule lets ${what} from ${names} through; what is let through is ${services}.`
}

const isProbe = (plan: AccessPlan, target: Machine, { from, to, protocol }: Question): boolean => {
  if (target.kind !== 'node' || (protocol !== ICMP && protocol !== ICMPV6)) return false
  const probes = probesOf(plan, target.id)
  return has(probes.from, from) && has(probes.to, to)
}

function machineAt(plan: AccessPlan, address: Address): Machine | undefined {
  for (const machine of plan.directory.machines.values())
    if (has(machine.addresses, address) || has(machine.pods, address)) return machine
  return undefined
}

const has = (set: AddressSet, { family, value }: Address): boolean => includes(ofFamily(set, family), value)
