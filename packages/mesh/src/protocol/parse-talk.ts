/** With whom a node talks, by its own counters: `ADDRESS PACKETS BYTES`, cumulative since the address was first counted. */
import { formatAddress, parseAddress } from '../ip/address.ts'
import { readCount } from './read-fields.ts'

export type Talk = { readonly address: string; readonly packets: number; readonly bytes: number }

/** The most that the part tells. */
const MOST = 64

export function parseTalk(block: string | undefined): readonly Talk[] {
  const talks = new Map<string, Talk>()
  for (const line of (block ?? '').split('\n', MOST * 2)) {
    const [text = '', packetsText, bytesText, ...rest] = line.split(' ')
    const address = parseAddress(text)
    const [packets, bytes] = [readCount(packetsText), readCount(bytesText)]
    if (!address.ok || packets === null || bytes === null || rest.length > 0 || talks.size >= MOST) continue
    const key = formatAddress(address.value)
    if (!talks.has(key)) talks.set(key, { address: key, packets, bytes })
  }
  return [...talks.values()]
}
