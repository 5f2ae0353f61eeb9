import { type Prefix, parsePrefix } from '../ip/prefix.ts'

/** Those that can be read. A row's list stays the same object while the row does: read once, and the same list each time. */
export function readRanges(texts: readonly string[]): readonly Prefix[] {
  const known = read.get(texts)
  if (known) return known
  const prefixes = texts.flatMap((text) => {
    const prefix = parsePrefix(text)
    return prefix.ok ? [prefix.value] : []
  })
  read.set(texts, prefixes)
  return prefixes
}

const read = new WeakMap<readonly string[], readonly Prefix[]>()
