import { splitDestination } from '@spanwire/mesh/policy/read-destination'
import { readPorts } from '@spanwire/mesh/policy/read-ports'
import { readSelector } from '@spanwire/mesh/policy/read-selector'
import type { RuleFields } from './read-rules.ts'

export type RuleFaults = { from?: string; to?: string; ports?: string }

/** What the reader would refuse, at the field that it is about. Whether a name means somebody is looked up with the text. */
export function ruleFaults({ from, to, ports, protocol }: RuleFields): RuleFaults {
  const faults: RuleFaults = {}
  const self = from.includes('autogroup:self')
  const source = self ? 'autogroup:self stands in To only: write autogroup:member here.' : firstFault(from, whoFault)
  if (from.length === 0) faults.from = 'Say who: * is everybody'
  else if (source) faults.from = source
  const target = firstFault(to, ports === null ? destinationFault : whoFault)
  if (to.length === 0) faults.to = 'Say whom: * is everybody'
  else if (target) faults.to = target
  if (ports === null) return faults
  const read = readPorts(ports)
  if (ports === '') faults.ports = 'Say which ports: * is all'
  else if (!read.ok) faults.ports = `${read.error.message} ${read.error.fix}`
  else if (/^(icmp|ipv6-icmp)$/.test(protocol) && ports !== '*') faults.ports = 'Ping has no ports: write *'
  return faults
}

function whoFault(text: string): string | null {
  const read = readSelector(text, { from: 0, to: text.length, line: 1, column: 1 })
  return read.ok ? null : `${read.error.message} ${read.error.fix}`
}

function destinationFault(text: string): string | null {
  const split = splitDestination(text)
  return split.ok ? whoFault(split.value.whom) : `${split.error.message} ${split.error.fix}`
}

function firstFault(texts: readonly string[], fault: (text: string) => string | null): string | null {
  for (const text of texts) {
    const found = fault(text)
    if (found !== null) return found
  }
  return null
}
