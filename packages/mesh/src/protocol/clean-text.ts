/**
 * Text from a node, made fit to be shown and stored: Postgres takes no NUL and no half of a surrogate pair, a terminal's escape
 * sequences have no business in a log, and right-to-left overrides make one name look like another.
 */
export function cleanText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(CONTROL, '\u{fffd}').replace(LONE_SURROGATE, '\u{fffd}')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about; tab and newline stay
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
