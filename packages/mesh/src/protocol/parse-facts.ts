/** What a machine says about itself. Kept and shown as text; only `machine` is ever compared. */
import { cleanText } from './clean-text.ts'

export type Note = { readonly code: string; readonly text: string }

const MAX_FACTS = 256
const MAX_NOTES = 64
const MAX_LENGTH = 1000

/** `key value` lines; a key that comes again, as addresses and routes do, adds a line to its value. */
export function parseFacts(text: string): Record<string, string> {
  const facts = new Map<string, string>()
  for (const line of text.slice(0, MAX_FACTS * MAX_LENGTH).split('\n', MAX_FACTS)) {
    const parts = /^([a-z0-9-]{1,32}) (.*)$/.exec(line)
    if (!parts?.[1]) continue
    const value = cleanText(parts[2] ?? '', MAX_LENGTH)
    const before = facts.get(parts[1])
    facts.set(parts[1], before === undefined ? value : `${before}\n${value}`)
  }
  // fromEntries defines properties: a fact called `__proto__` is impossible by its grammar, `constructor` is only a key.
  return Object.fromEntries(facts)
}

/** `CODE text` lines: findings about the host's firewall and the like. */
export function parseNotes(text: string): Note[] {
  const notes: Note[] = []
  for (const line of text.slice(0, MAX_NOTES * MAX_LENGTH).split('\n', MAX_NOTES)) {
    const parts = /^([a-z0-9-]{1,40})(?: (.*))?$/i.exec(line)
    if (parts?.[1]) notes.push({ code: parts[1].toLowerCase(), text: cleanText(parts[2] ?? '', MAX_LENGTH) })
  }
  return notes
}
