import { type Address, parseAddress } from '../../ip/address.ts'
import { includes } from '../intervals.ts'
import type { NodeTable } from '../node-table.ts'
import type { AccessPlan } from '../plan-access.ts'
import { probesOf } from '../probes.ts'
import { serviceHas } from '../service.ts'
import type { Packet } from './oracle.ts'

/** The verdict of the node that judges, as its table has it; null when nobody judges what goes there. */
export function interpretTable(
  plan: AccessPlan,
  tableOf: (id: string) => NodeTable | null,
  packet: Packet,
): boolean | null {
  const [from, to] = [address(packet.from), address(packet.to)]
  const judge = [...plan.own].find(([, own]) => includes(to.family === 4 ? own.v4 : own.v6, to.value))?.[0]
  const table = judge === undefined ? null : tableOf(judge)
  if (judge === undefined || !table) return null
  if (table.isOpen) return null
  const probes = probesOf(plan, judge)
  const isEcho = packet.protocol === (to.family === 4 ? 1 : 58)
  if (isEcho && has(probes.from, from) && has(probes.to, to)) return true
  return table.lines.some((line) => {
    const sources = plan.parts[line.part]?.sources
    const targets = to.family === 4 ? line.v4 : line.v6
    return (
      sources !== undefined &&
      has(sources, from) &&
      targets.some(
        ({ range, services }) =>
          range.first <= to.value &&
          to.value <= range.last &&
          services.some((service) => serviceHas(service, packet.protocol, packet.port)),
      )
    )
  })
}

const has = (
  set: { v4: Parameters<typeof includes>[0]; v6: Parameters<typeof includes>[0] },
  { family, value }: Address,
): boolean => includes(family === 4 ? set.v4 : set.v6, value)

export function address(text: string): Address {
  const known = addresses.get(text)
  if (known) return known
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  addresses.set(text, parsed.value)
  return parsed.value
}

const addresses = new Map<string, Address>()
