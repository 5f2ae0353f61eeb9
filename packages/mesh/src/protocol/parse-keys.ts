/** What a node says of keys: of its own rotation, and which next keys of others it has. */
import type { RotationSaid } from '../keys/rotation.ts'
import { KEY_PATTERN, type PublicKeyFault, parsePublicKey } from '../wireguard/key.ts'
import { cleanText } from './clean-text.ts'

export type KeysReport = {
  readonly own: (RotationSaid & { readonly id: string }) | null
  /** Next keys of others that are on all interfaces where their old ones are. */
  readonly staged: readonly string[]
}

/** A gateway is a peer of all, but few rotate at once. */
const MOST_STAGED = 1_024
/** For people: what is wrong with a key that the server does not take. */
const REFUSED = {
  'wrong-length': 'is no WireGuard key',
  'bad-characters': 'is no WireGuard key',
  'non-canonical-base64': 'is no WireGuard key',
  'zero-key': 'is all zeros, which means “no key”',
  'low-order': 'is one with which anybody could read along',
  'non-canonical-point': 'is not written as “wg pubkey” writes it',
} as const satisfies Record<PublicKeyFault['kind'], string>
const STATES = ['made', 'switching', 'proven', 'returned'] as const

/** A line that does not fit its grammar says nothing; the others count. */
export function parseKeys(block: string | undefined): KeysReport | null {
  if (block === undefined) return null
  let own: { id: string; state: RotationSaid['state'] } | null = null
  let why: string | null = null
  let refused: string | null = null
  const next: { main: string | null; direct: string | null } = { main: null, direct: null }
  const staged = new Set<string>()
  for (const line of block.split('\n')) {
    const [word, ...values] = line.split(' ')
    const [first = '', second = ''] = values
    if (word === 'why') why = cleanText(values.join(' '), 300)
    else if (word === 'rotation' && values.length === 2) own = ownOf(first, second) ?? own
    else if (word === 'next' && values.length === 2 && (first === 'main' || first === 'direct')) {
      // It goes to others, whose bundles could not be made with what is no key.
      const key = parsePublicKey(second)
      if (key.ok) next[first] = second
      else
        refused ??= `${first === 'main' ? 'its next key' : 'its next key for direct paths'} ${REFUSED[key.error.kind]}`
    } else if (word === 'staged' && values.length === 1 && staged.size < MOST_STAGED && KEY_PATTERN.test(first)) {
      staged.add(first)
    }
  }
  return {
    own: own && {
      ...own,
      why: own.state === 'returned' ? why : own.state === 'made' ? refused : null,
      nextKey: next.main,
      nextDirectKey: next.direct,
    },
    staged: [...staged],
  }
}

function ownOf(id: string, word: string): { id: string; state: RotationSaid['state'] } | null {
  const state = STATES.find((each) => each === word)
  return state && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? { id, state } : null
}
