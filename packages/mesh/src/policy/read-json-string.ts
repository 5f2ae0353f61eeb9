import type { HujsonCursor } from './hujson-cursor.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** A text in double quotes; the cursor stands on the first of them and behind the last one afterwards (RFC 8259, 7). */
export function readJsonString(cursor: HujsonCursor): string {
  const { text } = cursor
  const start = cursor.offset++
  let value = ''
  for (;;) {
    const begun = cursor.offset
    while (cursor.offset < text.length && !stopsString(text.charCodeAt(cursor.offset))) cursor.offset++
    value += text.slice(begun, cursor.offset)
    if (cursor.peek() === '"') {
      cursor.offset++
      return value
    }
    if (cursor.peek() === '\\') value += readEscape(cursor)
    else if (cursor.offset >= text.length || cursor.peek() === '\n' || cursor.peek() === '\r')
      cursor.stop('syntax', 'This text has no end.', 'Close it with a double quote on the same line', start)
    else cursor.stop('syntax', 'A control character stands in this text.', 'Remove it, or write it as \\t or \\u0001')
  }
}

function readEscape(cursor: HujsonCursor): string {
  const start = cursor.offset
  const letter = cursor.text.charAt(start + 1)
  const simple = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
  if (simple !== undefined) {
    cursor.offset += 2
    return simple
  }
  const digits = cursor.text.slice(start + 2, start + 6)
  if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(digits)) {
    cursor.offset += 6
    return String.fromCharCode(Number.parseInt(digits, 16))
  }
  return cursor.stop(
    'syntax',
    letter === 'u' ? 'After \\u four hexadecimal digits are needed.' : `\\${letter} is not an escape.`,
    'Write one of \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four digits',
  )
}

/** A quote, a backslash, or what may not stand in a text as it is. */
const stopsString = (code: number): boolean => code === 34 || code === 92 || code < 32
