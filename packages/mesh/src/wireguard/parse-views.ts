/**
 * What `wg show IF VIEW` prints, as a node sent it. The node may be hostile: sizes are bounded, a line that does not fit is
 * counted and skipped, a key that comes twice counts once, and nothing throws.
 *
 *   latest-handshakes  KEY <tab> unix seconds, 0 = never
 *   endpoints          KEY <tab> 203.0.113.7:51820 | [2001:db8::7]:51820 | (none)
 *   transfer           KEY <tab> received <tab> sent, bytes
 *   allowed-ips        KEY <tab> 10.77.0.2/32 fd12::2/128 | (none)
 *   public-key         KEY | (none)
 *   listen-port        51820
 */
import { type NumericEndpoint, parseEndpoint } from '../ip/endpoint.ts'
import { type Prefix, parsePrefix } from '../ip/prefix.ts'
import { KEY_PATTERN } from './key.ts'

/** Rows by public key, and how many lines were left out. */
export type View<Row> = { readonly rows: ReadonlyMap<string, Row>; readonly skipped: number }

export type Transfer = { readonly rxBytes: number; readonly txBytes: number }

// The peers of one wireguard-go interface at most, and room for 64 ranges each.
const MAX_LINES = 65_536
const MAX_LINE_LENGTH = 4096

/** Unix seconds, or null for a peer that never had a handshake. */
export function parseLatestHandshakes(text: string): View<number | null> {
  return parseRows(text, ([seconds, ...rest]) => {
    const at = rest.length === 0 ? readCount(seconds) : undefined
    return at === 0 ? null : at
  })
}

/** Null for a peer that was never heard and has none configured. */
export function parseEndpoints(text: string): View<NumericEndpoint | null> {
  return parseRows(text, ([endpoint, ...rest]) => {
    if (endpoint === undefined || rest.length > 0) return undefined
    if (endpoint === '(none)') return null
    // A link-local endpoint carries its zone, which means nothing on another machine.
    const parsed = parseEndpoint(endpoint.replace(/%[A-Za-z0-9_.-]{1,15}\]:/, ']:'))
    if (!parsed.ok || parsed.value.kind !== 'address') return undefined
    return { address: parsed.value.address, port: parsed.value.port }
  })
}

export function parseTransfer(text: string): View<Transfer> {
  return parseRows(text, ([received, sent, ...rest]) => {
    const rxBytes = readCount(received)
    const txBytes = readCount(sent)
    return rxBytes === undefined || txBytes === undefined || rest.length > 0 ? undefined : { rxBytes, txBytes }
  })
}

export function parseAllowedIps(text: string): View<readonly Prefix[]> {
  return parseRows(text, (fields) => {
    const words = fields.flatMap((field) => field.split(' '))
    if (words.length === 1 && words[0] === '(none)') return []
    const prefixes = words.map(parsePrefix)
    return prefixes.length > 0 && prefixes.every((prefix) => prefix.ok)
      ? prefixes.map((prefix) => prefix.value)
      : undefined
  })
}

/** The key an interface uses, or null when it says none or says nonsense. */
export function parsePublicKeyView(text: string): string | null {
  const key = text.replace(/\n$/, '')
  return KEY_PATTERN.test(key) ? key : null
}

export function parseListenPort(text: string): number | null {
  const port = readCount(text.replace(/\n$/, ''))
  return port !== undefined && port >= 1 && port <= 65535 ? port : null
}

/** `read` gets what follows the key and answers undefined for a line that does not fit. */
function parseRows<Row>(text: string, read: (fields: string[]) => Row | undefined): View<Row> {
  const rows = new Map<string, Row>()
  let skipped = 0
  let start = 0
  for (let count = 0; start < text.length; count++) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    if (count === MAX_LINES) return { rows, skipped: skipped + 1 }
    const line = end - start <= MAX_LINE_LENGTH ? text.slice(start, end) : ''
    start = end + 1
    const [key = '', ...fields] = line.split('\t')
    const row = KEY_PATTERN.test(key) && !rows.has(key) ? read(fields) : undefined
    if (row === undefined) skipped++
    else rows.set(key, row)
  }
  return { rows, skipped }
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined || !/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined
  const count = Number(text)
  return Number.isSafeInteger(count) ? count : undefined
}
