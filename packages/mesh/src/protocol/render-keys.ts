/** The orders of the part for keys (`policy/keys` of a bundle, docs/protocol.md "Keys"). */
import type { StagedKey } from '../keys/with-staged.ts'
import { KEY_PATTERN } from '../wireguard/key.ts'
import { ID, must, text } from './bundle-grammar.ts'
import type { BundleFile } from './render-bundle.ts'

export type KeysExtras = {
  readonly part: { readonly name: 'keys'; readonly version: string; readonly sha256: string }
  /** Of the node itself. */
  readonly own: {
    readonly id: string
    readonly order: 'make' | 'switch'
    readonly kinds: readonly ('main' | 'direct')[]
  } | null
  /** Of others; what is no peer of the node is left out. */
  readonly staged: readonly StagedKey[]
}

/** Null for who is neither rotating nor a peer of one who is. It lies under `policy/`, which scripts pass by unread that know nothing of keys. */
export function renderKeys(own: KeysExtras['own'], present: readonly StagedKey[]): BundleFile | null {
  if (own === null && present.length === 0) return null
  const lines = [
    ...(own === null ? [] : [`rotate ${must(ID, own.id)} ${own.order} ${own.kinds.join(' ')}`]),
    ...present.map(
      ({ old, next, isDue }) =>
        `peer ${must(KEY_PATTERN, old)} ${must(KEY_PATTERN, next)} ${isDue ? 'switch' : 'stage'}`,
    ),
  ]
  return { name: 'policy/keys', text: text(lines) }
}
