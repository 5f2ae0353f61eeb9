/**
 * What the part for paths says: its peers with what it measured of them, and the ways that are not as planned, or changed.
 *
 *   peer IFACE KEY STATE SINCE HEARD RTT SENT LOST HSSEEN ENDPOINT RX TX
 *   try IFACE KEY LAST NEXT|-
 *   way NODENAME|default WAY|unreachable SINCE CAUSE
 *   refused TEXT
 *
 * The first nine after `peer` are those of the path loop's own table. A `try` stands behind its peer. Times are seconds of /proc/uptime,
 * NEXT too, although it is the wall clock by which the node chooses it.
 */
import { type NumericEndpoint, parseEndpoint } from '../ip/endpoint.ts'
import { KEY_PATTERN } from '../wireguard/key.ts'
import { cleanText } from './clean-text.ts'
import { type PathRow, parsePathRow } from './parse-paths.ts'
import { readCount, readDecimal } from './read-fields.ts'

export type WaysReport = {
  readonly peers: readonly WayPeer[]
  readonly ways: readonly ReportedWay[]
  /** Why it does not follow its files, text for people; null when it does. */
  readonly refused: string | null
}

export type WayPeer = PathRow & {
  /** where its packets come from, or are tried to; null when none */
  readonly endpoint: NumericEndpoint | null
  readonly rxBytes: number
  readonly txBytes: number
  /** of a direct path that is not alive, once its end was called; null from scripts that do not say it */
  readonly tries: ReportedTries | null
}

export type ReportedTries = {
  /** when it began to call the peer last */
  readonly last: number
  /** when it does so again; null while it is at it */
  readonly next: number | null
}

export const WAY_CAUSES = ['plan', 'boot', 'dead', 'better'] as const
export type WayCause = (typeof WAY_CAUSES)[number]

/** Through an interface, on one with several peers through one of them, or through none. */
export type Way =
  | { readonly kind: 'interface'; readonly interfaceName: string; readonly publicKey: string | null }
  | { readonly kind: 'unreachable' }

export type ReportedWay = {
  /** Null: the default way. */
  readonly nodeName: string | null
  readonly way: Way
  readonly since: number | null
  readonly cause: WayCause
}

/** Peers of a gateway are told in the core's own table: here are at most two slots, 240 gateways and the direct peers. */
const MOST_PEERS = 2_048
const MOST_WAYS = 16_384
const LONGEST_LINE = 256

/** A line that does not fit its grammar says nothing; the others count. Of two about one thing the first counts. */
export function parseWays(block: string | undefined): WaysReport | null {
  if (block === undefined) return null
  const peers = new Map<string, WayPeer>()
  const ways = new Map<string, ReportedWay>()
  let refused: string | null = null
  let start = 0
  for (let count = 0; start < block.length && count < 2 * MOST_PEERS + MOST_WAYS; count++) {
    const newline = block.indexOf('\n', start)
    const end = newline === -1 ? block.length : newline
    const line = end - start <= LONGEST_LINE ? block.slice(start, end) : ''
    start = end + 1
    const [word, ...values] = line.split(' ')
    if (word === 'peer' && peers.size < MOST_PEERS) {
      const peer = readPeer(values)
      if (peer) putFirst(peers, `${peer.interfaceName} ${peer.publicKey}`, peer)
    } else if (word === 'try') {
      const peer = peers.get(`${values[0]} ${values[1]}`)
      const tries = readTries(values.slice(2))
      if (peer && peer.tries === null && tries) peers.set(`${values[0]} ${values[1]}`, { ...peer, tries })
    } else if (word === 'way' && ways.size < MOST_WAYS) {
      const way = readReportedWay(values)
      if (way) putFirst(ways, way.nodeName ?? ' ', way)
    } else if (word === 'refused') refused ??= cleanText(values.join(' '), 300)
  }
  return { peers: [...peers.values()], ways: [...ways.values()], refused }
}

function readPeer(values: readonly string[]): WayPeer | null {
  if (values.length !== 12) return null
  const path = parsePathRow(values.slice(0, 9))
  const [endpointText = '', rx, tx] = values.slice(9)
  const [rxBytes, txBytes] = [readCount(rx), readCount(tx)]
  const endpoint = endpointText === '-' ? null : parseEndpoint(endpointText)
  if (!path || rxBytes === null || txBytes === null) return null
  if (endpoint !== null && (!endpoint.ok || endpoint.value.kind !== 'address')) return null
  const numeric = endpoint?.ok && endpoint.value.kind === 'address' ? endpoint.value : null
  return {
    ...path,
    endpoint: numeric && { address: numeric.address, port: numeric.port },
    rxBytes,
    txBytes,
    tries: null,
  }
}

function readTries([lastText, nextText, ...rest]: readonly string[]): ReportedTries | null {
  const last = readDecimal(lastText)
  const next = nextText === '-' ? null : readDecimal(nextText)
  if (rest.length > 0 || last === null || (next === null && nextText !== '-') || (next ?? last) < last) return null
  return { last, next }
}

function readReportedWay([name = '', text = '', since, cause, ...rest]: readonly string[]): ReportedWay | null {
  const way = text === 'unreachable' ? { kind: 'unreachable' as const } : readWay(text)
  const known = WAY_CAUSES.find((each) => each === cause)
  if (rest.length > 0 || !NAME.test(name) || !way || !known) return null
  // No node can be called so: `default` is what the part calls everything that has no way of its own.
  return { nodeName: name === 'default' ? null : name, way, since: readDecimal(since), cause: known }
}

/** `span0`, or `span0d:KEY`. */
function readWay(text: string): Way | null {
  const [interfaceName = '', publicKey, ...rest] = text.split(':')
  if (rest.length > 0 || !INTERFACE.test(interfaceName)) return null
  if (publicKey !== undefined && !KEY_PATTERN.test(publicKey)) return null
  return { kind: 'interface', interfaceName, publicKey: publicKey ?? null }
}

function putFirst<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (!map.has(key)) map.set(key, value)
}

const INTERFACE = /^[a-z][a-z0-9_-]{0,14}$/
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
