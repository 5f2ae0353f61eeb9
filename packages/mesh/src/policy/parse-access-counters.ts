/**
 * What a node counted under its rules, from what these print one after the other:
 *
 *     nft -j list counters table inet spanwire
 *     nft -j list set inet spanwire SET          for dropped_v4, dropped_v6, dropped_other_v4, dropped_other_v6
 *
 * It is what a machine says, so whatever does not fit is left out. Counters begin at 0 when the rules are replaced.
 */
import { formatAddress, parseAddress } from '../ip/address.ts'
import { PROTOCOLS } from './protocol-names.ts'
import { LAST_PORT } from './service.ts'

export type RuleHits = { readonly rule: number; readonly packets: number; readonly bytes: number }

export type Drop = {
  readonly from: string
  readonly to: string
  readonly protocol: number
  readonly port: number | null
  readonly packets: number
  readonly bytes: number
}

export type AccessCounters = { readonly hits: readonly RuleHits[]; readonly drops: readonly Drop[] }

const DROP_SETS = ['dropped_v4', 'dropped_v6', 'dropped_other_v4', 'dropped_other_v6']
/** More than the sets can hold: a node that says more says something else. */
const MOST = 4 * 1024

export function parseAccessCounters(text: string): AccessCounters {
  const entries = text.split('\n').flatMap(entriesOf)
  const hits = entries.flatMap(({ counter }) => hitsOf(counter))
  const drops = entries.flatMap(({ set }) => dropsOf(set))
  return {
    hits: hits.slice(0, MOST).sort((a, b) => a.rule - b.rule),
    drops: drops.slice(0, MOST).sort((a, b) => b.packets - a.packets || (dropKey(a) < dropKey(b) ? -1 : 1)),
  }
}

type Fields = Readonly<Record<string, unknown>>

function entriesOf(line: string): readonly Fields[] {
  if (!line.startsWith('{')) return []
  try {
    return list(fields(JSON.parse(line)).nftables).map(fields)
  } catch {
    return []
  }
}

function hitsOf(counter: unknown): RuleHits[] {
  const { name, packets, bytes } = fields(counter)
  const rule = /^rule_([1-9][0-9]{0,5})$/.exec(typeof name === 'string' ? name : '')?.[1]
  return rule !== undefined && isCount(packets) && isCount(bytes) ? [{ rule: Number(rule), packets, bytes }] : []
}

function dropsOf(set: unknown): Drop[] {
  const { name, elem } = fields(set)
  if (typeof name !== 'string' || !DROP_SETS.includes(name)) return []
  return list(elem).flatMap((item) => {
    const { val, counter } = fields(fields(item).elem)
    const [from, to, protocolName, port = null] = list(fields(val).concat)
    const [source, target, protocol] = [addressOf(from), addressOf(to), protocolOf(protocolName)]
    const { packets, bytes } = fields(counter)
    if (source === null || target === null || protocol === null || !isCount(packets) || !isCount(bytes)) return []
    if (port !== null && !(isCount(port) && port <= LAST_PORT)) return []
    return packets === 0 ? [] : [{ from: source, to: target, protocol, port, packets, bytes }]
  })
}

function addressOf(text: unknown): string | null {
  const address = typeof text === 'string' ? parseAddress(text) : null
  return address?.ok ? formatAddress(address.value) : null
}

/** nft prints names of /etc/protocols where it has them. */
function protocolOf(value: unknown): number | null {
  if (isCount(value)) return value <= 255 ? value : null
  if (value === 'icmpv6') return 58
  const known = typeof value === 'string' && Object.hasOwn(PROTOCOLS, value) ? PROTOCOLS[value] : undefined
  return known?.[0] ?? null
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const dropKey = ({ from, to, protocol, port }: Drop): string => `${from} ${to} ${protocol} ${port}`
