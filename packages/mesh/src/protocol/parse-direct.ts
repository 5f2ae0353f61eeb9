/** The interface for direct paths, as the node made it: `key PUB`, `port N`. */
import { KEY_PATTERN } from '../wireguard/key.ts'
import { readCount } from './read-fields.ts'

export type DirectReport = { readonly publicKey: string; readonly port: number }

/** Null unless both are there and fit: half of it is of no use to anybody. */
export function parseDirect(block: string | undefined): DirectReport | null {
  let publicKey: string | null = null
  let port: number | null = null
  for (const line of (block ?? '').split('\n', 16)) {
    const [word, value = '', ...rest] = line.split(' ')
    if (rest.length > 0) continue
    if (word === 'key' && KEY_PATTERN.test(value)) publicKey ??= value
    else if (word === 'port') port ??= readPort(value)
  }
  return publicKey === null || port === null ? null : { publicKey, port }
}

function readPort(text: string): number | null {
  const port = readCount(text)
  return port !== null && port >= 1 && port <= 65_535 ? port : null
}
