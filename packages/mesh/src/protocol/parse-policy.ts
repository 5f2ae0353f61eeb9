/** What a node says of its rules: which version it runs, what came of a trial, how often each rule let something in, what none did. */
import { formatAddress, parseAddress } from '../ip/address.ts'
import { PROTOCOLS } from '../policy/protocol-names.ts'
import { cleanText } from './clean-text.ts'
import { readCount, readHash } from './read-fields.ts'

export type PolicyReport = {
  /** The confirmed version whose rules are applied, 0 for none; null when it did not say. */
  readonly number: number | null
  /** `why` is the node's own word on a return. */
  readonly trial: { readonly id: string; readonly state: 'on' | 'returned'; readonly why: string | null } | null
  /** Another one whenever the table was loaded anew; null when it did not say. */
  readonly table: string | null
  /** Packets since the table was loaded, by rule as counted from 1. */
  readonly rules: ReadonlyMap<number, number>
  readonly drops: readonly ReportedDrop[]
}

export type ReportedDrop = {
  readonly source: string
  readonly destination: string
  readonly protocol: number
  /** Null where the protocol has none. */
  readonly port: number | null
  /** Since it was first dropped; forgotten an hour after the last one. */
  readonly packets: number
}

/** A table has a counter for each rule, and a policy no more rules than that. */
const MOST_RULES = 5_000
const MOST_DROPS = 64

/** A line that does not fit its grammar says nothing; the others count. */
export function parsePolicy(block: string | undefined): PolicyReport | null {
  if (block === undefined) return null
  let number: number | null = null
  let trial: PolicyReport['trial'] = null
  let table: string | null = null
  const rules = new Map<number, number>()
  const drops: ReportedDrop[] = []
  for (const line of block.split('\n')) {
    const [word, ...values] = line.split(' ')
    if (word === 'why') trial = withReason(trial, values.join(' '))
    else if (word === 'number' && values.length === 1) number = readNumber(values[0], 0x7fff_ffff)
    else if (word === 'trial' && values.length === 2) trial = trialOf(values) ?? trial
    else if (word === 'table' && values.length === 1) table = readHash(values[0])
    else if (word === 'rule' && values.length === 3) takeRule(rules, values)
    else if (word === 'drop' && values.length === 5 && drops.length < MOST_DROPS) drops.push(...dropOf(values))
  }
  return { number, trial, table, rules, drops }
}

function trialOf([id = '', state]: readonly string[]): PolicyReport['trial'] {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null
  return state === 'on' || state === 'returned' ? { id, state, why: null } : null
}

function withReason(trial: PolicyReport['trial'], text: string): PolicyReport['trial'] {
  return trial?.state === 'returned' ? { ...trial, why: cleanText(text, 300) } : trial
}

function takeRule(rules: Map<number, number>, [index, packets, bytes]: readonly string[]): void {
  const [rule, count] = [readNumber(index, MOST_RULES), readCount(packets)]
  if (rule === null || rule === 0 || count === null || readCount(bytes) === null) return
  rules.set(rule, count)
}

function dropOf([from, to, proto = '', at = '', count]: readonly string[]): ReportedDrop[] {
  const [source, destination] = [parseAddress(from ?? ''), parseAddress(to ?? '')]
  const protocol = protocolOf(proto)
  const port = at === '-' ? null : readNumber(at, 0xffff)
  const packets = readCount(count)
  if (!source.ok || !destination.ok || protocol === null || packets === null) return []
  if (source.value.family !== destination.value.family || (port === null && at !== '-')) return []
  const [left, right] = [formatAddress(source.value), formatAddress(destination.value)]
  return [{ source: left, destination: right, protocol, port, packets }]
}

/** nft prints a name where it knows one, `ipv6-icmp` for ICMPv6, and a number elsewhere. */
function protocolOf(text: string): number | null {
  if (text === 'icmpv6') return 58
  return (Object.hasOwn(PROTOCOLS, text) ? PROTOCOLS[text]?.[0] : undefined) ?? readNumber(text, 255)
}

function readNumber(text: string | undefined, most: number): number | null {
  const number = readCount(text)
  return number === null || number > most ? null : number
}
