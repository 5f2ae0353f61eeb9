/**
 * The path loop's own table, one line per peer of each interface:
 *
 *   INTERFACE PEERKEY STATE SINCE RXSEEN RTT SENT LOST HSSEEN
 *
 * Times are seconds of /proc/uptime, so ages are differences of uptimes and a stepped wall clock changes none of them.
 */
import { KEY_PATTERN } from '../wireguard/key.ts'
import { readCount, readDecimal } from './read-fields.ts'

export type PathState = 'alive' | 'dead' | 'unknown'

export type PathRow = {
  readonly interfaceName: string
  readonly publicKey: string
  readonly state: PathState
  readonly since: number | null
  /** the receive counter last moved, or a ping was answered */
  readonly heard: number | null
  readonly rttMs: number | null
  readonly sent: number
  readonly lost: number
  /** the handshake time was last seen to change */
  readonly handshakeSeen: number | null
}

const MAX_LINES = 65_536
const LONGEST_RTT_MS = 600_000

export function parsePaths(text: string): readonly PathRow[] {
  const rows: PathRow[] = []
  let start = 0
  for (let count = 0; start < text.length && count < MAX_LINES; count++) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const row = end - start <= 256 ? parsePathRow(text.slice(start, end).split(' ')) : null
    if (row) rows.push(row)
    start = end + 1
  }
  return rows
}

export function parsePathRow(words: readonly string[]): PathRow | null {
  const [interfaceName = '', publicKey = '', state = '', since, heard, rtt, sentText, lostText, handshake] = words
  if (words.length !== 9 || !/^[a-z][a-z0-9_-]{0,14}$/.test(interfaceName) || !KEY_PATTERN.test(publicKey)) return null
  if (state !== 'alive' && state !== 'dead' && state !== 'unknown') return null
  const sent = readCount(sentText)
  const lost = readCount(lostText)
  if (sent === null || lost === null || lost > sent || sent > 0x7fff_ffff) return null
  const rttMs = readDecimal(rtt)
  return {
    interfaceName,
    publicKey,
    state,
    since: readDecimal(since),
    heard: readDecimal(heard),
    rttMs: rttMs !== null && rttMs <= LONGEST_RTT_MS ? rttMs : null,
    sent,
    lost,
    handshakeSeen: readDecimal(handshake),
  }
}
