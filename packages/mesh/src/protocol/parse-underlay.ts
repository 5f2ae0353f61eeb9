/** The largest IP packets that reach the ends of tunnels whole, outside of them: `mtu IFACE KEY BYTES` among what is said of direct paths. */
import { KEY_PATTERN } from '../wireguard/key.ts'
import { readCount } from './read-fields.ts'

export type UnderlayReport = { readonly interfaceName: string; readonly publicKey: string; readonly bytes: number }

/** To gateways only: two slots, those that see the direct interface, and 240 of a gateway's own. */
const MOST = 512

/** RFC 791: less reaches nobody; and an IPv4 packet has no more. */
const [LEAST, LARGEST] = [576, 65_535]

export function parseUnderlay(block: string | undefined): UnderlayReport[] {
  const found = new Map<string, UnderlayReport>()
  for (const line of (block ?? '').split('\n', MOST)) {
    const [word, interfaceName = '', publicKey = '', text, ...rest] = line.split(' ')
    const bytes = readCount(text)
    if (word !== 'mtu' || rest.length > 0 || !INTERFACE.test(interfaceName) || !KEY_PATTERN.test(publicKey)) continue
    if (bytes === null || bytes < LEAST || bytes > LARGEST) continue
    const key = `${interfaceName} ${publicKey}`
    if (!found.has(key)) found.set(key, { interfaceName, publicKey, bytes })
  }
  return [...found.values()]
}

const INTERFACE = /^[a-z][a-z0-9_-]{0,14}$/
