/**
 * HuJSON: JSON with comments and trailing commas, as Tailscale's policies are written (github.com/tailscale/hujson). Every value and
 * key keeps its place, so that whatever is wrong with it later can be shown there. Bounded in size and depth: a policy comes from
 * a text box.
 */
import { err, ok, type Result } from '../result.ts'
import { error, type Finding } from './finding.ts'
import { HujsonCursor, SyntaxStop } from './hujson-cursor.ts'
import type { JsonMember, JsonNode } from './json-node.ts'
import { readJsonString } from './read-json-string.ts'

/** Characters. Ten thousand rules of a line each fit. */
export const LARGEST_TEXT = 1_048_576
/** The deepest of a policy is seven. */
export const DEEPEST = 32

export function readHujson(text: string): Result<JsonNode, readonly Finding[]> {
  const cursor = new HujsonCursor(text.length > LARGEST_TEXT ? '' : text)
  const duplicates: Finding[] = []
  try {
    if (text.length > LARGEST_TEXT)
      cursor.stop(
        'too-large',
        `The policy has ${text.length} characters; ${LARGEST_TEXT} are the most.`,
        'Say with tags and groups what is listed one by one',
      )
    // Editors on Windows put a byte order mark in front.
    if (text.charCodeAt(0) === 0xfeff) cursor.offset++
    cursor.skipBlanks()
    const value = readValue(cursor, 0, duplicates)
    cursor.skipBlanks()
    if (cursor.peek() !== '')
      cursor.stop('syntax', 'The policy ends before this.', 'Remove it, or move it inside of { }')
    return duplicates.length > 0 ? err(duplicates) : ok(value)
  } catch (stopped) {
    if (!(stopped instanceof SyntaxStop)) throw stopped
    return err([...duplicates, stopped.finding])
  }
}

function readValue(cursor: HujsonCursor, depth: number, duplicates: Finding[]): JsonNode {
  if (depth > DEEPEST)
    cursor.stop(
      'too-deep',
      `This is nested more than ${DEEPEST} deep.`,
      'Nothing in a policy is; look for brackets too many',
    )
  const from = cursor.offset
  const start = cursor.place(from)
  const here = () => ({ ...start, to: cursor.offset })
  switch (cursor.peek()) {
    case '{': {
      const members = readMembers(cursor, depth, duplicates)
      return { kind: 'object', members, at: here() }
    }
    case '[': {
      const items: JsonNode[] = []
      readList(cursor, ']', () => items.push(readValue(cursor, depth + 1, duplicates)))
      return { kind: 'array', items, at: here() }
    }
    case '"': {
      const value = readJsonString(cursor)
      return { kind: 'string', value, at: here() }
    }
    default:
      return readWord(cursor, here)
  }
}

function readMembers(cursor: HujsonCursor, depth: number, duplicates: Finding[]): readonly JsonMember[] {
  const members = new Map<string, JsonMember>()
  readList(cursor, '}', () => {
    const from = cursor.offset
    if (cursor.peek() !== '"') cursor.stop('syntax', 'A name is expected here.', 'Put the name in double quotes')
    const start = cursor.place(from)
    const key = readJsonString(cursor)
    const keyAt = { ...start, to: cursor.offset }
    cursor.skipBlanks()
    if (cursor.peek() !== ':') cursor.stop('syntax', `A colon is missing after "${shown(key)}".`, 'Write "name": value')
    cursor.offset++
    cursor.skipBlanks()
    const value = readValue(cursor, depth + 1, duplicates)
    const first = members.get(key)
    if (first)
      duplicates.push(
        error(
          keyAt,
          'duplicate-key',
          `"${shown(key)}" stands here twice; the first is in line ${first.keyAt.line}.`,
          'Keep one of them, with the values of both',
        ),
      )
    else members.set(key, { key, keyAt, value })
  })
  return [...members.values()]
}

/** What stands between two brackets, with commas between and, if you like, one behind the last. */
function readList(cursor: HujsonCursor, end: ']' | '}', item: () => void): void {
  const open = cursor.offset++
  for (;;) {
    cursor.skipBlanks()
    if (cursor.peek() === end) break
    if (cursor.peek() === '') unclosed(cursor, end, open)
    if (cursor.peek() === ',') cursor.stop('syntax', 'There is a comma too many.', 'Remove it')
    item()
    cursor.skipBlanks()
    if (cursor.peek() === ',') cursor.offset++
    else if (cursor.peek() === '') unclosed(cursor, end, open)
    else if (cursor.peek() !== end)
      cursor.stop(
        'syntax',
        `A comma or ${end} is expected here.`,
        `Put a comma after what stands before, or close with ${end}`,
      )
  }
  cursor.offset++
}

const unclosed = (cursor: HujsonCursor, end: string, open: number): never =>
  cursor.stop(
    'syntax',
    `The policy ends, but the bracket at its character ${open + 1} is still open.`,
    `Close it with ${end}`,
  )

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }

function readWord(cursor: HujsonCursor, here: () => JsonNode['at']): JsonNode {
  // Sticky: reads where the cursor stands.
  const pattern = /[A-Za-z0-9_.+-]+/y
  pattern.lastIndex = cursor.offset
  const word = pattern.exec(cursor.text)?.[0] ?? ''
  if (word === '')
    return cursor.peek() === ''
      ? cursor.stop('syntax', 'A value is missing at the end.', 'Write {} for an empty policy')
      : cursor.stop(
          'syntax',
          'A value is expected here.',
          'Write a text in double quotes, a number, a list or an object',
        )
  if (Object.hasOwn(WORDS, word)) {
    cursor.offset += word.length
    const value = WORDS[word] ?? null
    return value === null ? { kind: 'null', at: here() } : { kind: 'boolean', value, at: here() }
  }
  if (!/^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(word))
    return cursor.stop('syntax', `${shown(word)} is neither a number nor a text.`, 'Put a text in double quotes')
  cursor.offset += word.length
  return { kind: 'number', value: Number(word), at: here() }
}

const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
