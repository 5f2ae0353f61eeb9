import { exactTime } from '~/ui/ago.tsx'

type Json = unknown
export type Change = { field: string; before: string | null; after: string | null }

/**
 * What an event says changed, a line a field. Ids, what is equal on both sides, and the name of a thing made or removed (it
 * stands in the sentence) say nothing more.
 */
export function diff(before: Json, after: Json): Change[] {
  const [old, young] = [fieldsOf(before), fieldsOf(after)]
  const fields = [...new Set([...Object.keys(old), ...Object.keys(young)])].filter(
    (field) => !isId(field) && (field !== 'name' || (before !== null && after !== null)),
  )
  return fields.flatMap((field) => {
    const [was, is] = [words(old[field]), words(young[field])]
    if (NAMES_IT.has(field) && was === is) return [{ field: spaced(field), before: null, after: is }]
    return was === is ? [] : [{ field: spaced(field), before: was, after: is }]
  })
}

function fieldsOf(value: Json): Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, Json>) : {}
}

/** Of several things of a subject it says which one is meant. */
const NAMES_IT: ReadonlySet<string> = new Set(['prefix'])

const SPELLED: Readonly<Record<string, string>> = { address4: 'IPv4', address6: 'IPv6' }

/** as JSON spells a time */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

const isId = (field: string) => field === 'id' || field.endsWith('Id')

function words(value: Json): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string' && TIME.test(value)) return exactTime(new Date(value))
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map((item) => words(item) ?? '–').join(', ') || null
  const parts = Object.entries(value).map(([key, part]) => `${key}=${words(part) ?? ''}`)
  return parts.join(' ') || null
}

/** 'listenPort' reads 'listen port' */
function spaced(field: string): string {
  return SPELLED[field] ?? field.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
}
