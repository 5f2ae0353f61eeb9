import type { Json } from './db.ts'

type Row = { readonly [key: string]: unknown }

/**
 * What of `wanted` differs from `row`, and both sides of it for the activity log; null when nothing does. An undefined value
 * wants nothing.
 */
export function changes<T extends Row>(
  row: Row,
  wanted: T,
): { readonly data: Partial<T>; readonly before: Json; readonly after: Json } | null {
  const differing = Object.keys(wanted).filter((key) => wanted[key] !== undefined && !same(row[key], wanted[key]))
  if (differing.length === 0) return null
  const pick = (from: Row) => Object.fromEntries(differing.map((key) => [key, from[key] ?? null]))
  return { data: pick(wanted) as Partial<T>, before: pick(row) as Json, after: pick(wanted) as Json }
}

/** Values of columns: what a form sends and what JSON columns hold. Postgres keeps the keys of an object in an order of its own. */
function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

const canonical = (value: unknown): string =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : JSON.stringify(value ?? null)
