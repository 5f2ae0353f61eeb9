/** Where the caret stands in a policy that is being written, and so need not be readable yet. */
export type Whereabouts = {
  /** Keys of the objects around, lists as '[]': `['acls', '[]', 'src', '[]']`. */
  readonly path: readonly string[]
  readonly isKey: boolean
  /** Where the text in quotes begins (behind the quote) and how it reads up to the caret; null outside of one. */
  readonly quoted: { readonly from: number; readonly before: string } | null
}

type Level = { readonly kind: '{' | '['; key: string | null; isValue: boolean }

export function whereInText(text: string, at: number): Whereabouts | null {
  const levels: Level[] = []
  let quoted: Whereabouts['quoted'] = null
  let i = 0
  while (i < at) {
    const two = text.slice(i, i + 2)
    if (two === '//' || two === '/*') {
      const end = two === '//' ? text.indexOf('\n', i) : text.indexOf('*/', i + 2)
      if (end < 0 || end >= at) return null
      i = end + (two === '//' ? 1 : 2)
      continue
    }
    const character = text[i]
    const level = levels.at(-1)
    if (character === '"') {
      const end = endOfText(text, i + 1)
      if (end >= at) {
        quoted = { from: i + 1, before: text.slice(i + 1, at) }
        break
      }
      if (level?.kind === '{' && !level.isValue) level.key = text.slice(i + 1, end)
      i = end + 1
      continue
    }
    if (character === '{' || character === '[') levels.push({ kind: character, key: null, isValue: false })
    else if (character === '}' || character === ']') levels.pop()
    else if (character === ':' && level) level.isValue = true
    else if (character === ',' && level) {
      level.isValue = false
      if (level.kind === '{') level.key = null
    }
    i++
  }
  const last = levels.at(-1)
  if (!last) return null
  return {
    path: levels.flatMap(({ kind, key, isValue }) => (kind === '[' ? ['[]'] : isValue && key !== null ? [key] : [])),
    isKey: last.kind === '{' && !last.isValue,
    quoted,
  }
}

/** Where its closing quote stands, or where the line ends: an open one does not swallow what follows. */
function endOfText(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
    else if (text[i] === '\n') return i
  }
  return text.length
}
