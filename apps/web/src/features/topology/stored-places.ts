import type { Point } from './point.ts'

/** A place holds for the site that the node was in: in another it finds a new one. */
export interface KnownPlace extends Point {
  site: string
}

const key = (network: string) => `spanwire.places.2.${network}`

/** Kept in the browser by network, so that tomorrow's picture is today's. */
export function storePlaces(network: string, places: ReadonlyMap<string, KnownPlace>): void {
  try {
    localStorage.setItem(key(network), JSON.stringify([...places].map(([id, { x, y, site }]) => [id, x, y, site])))
  } catch {
    // A full or forbidden storage costs only that tomorrow's picture is laid out anew.
  }
}

export function restorePlaces(network: string): Map<string, KnownPlace> {
  try {
    const rows: unknown = JSON.parse(localStorage.getItem(key(network)) ?? '[]')
    if (!Array.isArray(rows)) return new Map()
    return new Map(rows.filter(isRow).map(([id, x, y, site]) => [id, { x, y, site }]))
  } catch {
    return new Map()
  }
}

function isRow(row: unknown): row is [string, number, number, string] {
  return (
    Array.isArray(row) &&
    typeof row[0] === 'string' &&
    Number.isFinite(row[1]) &&
    Number.isFinite(row[2]) &&
    typeof row[3] === 'string'
  )
}

export function forgetPlaces(network: string): void {
  try {
    localStorage.removeItem(key(network))
  } catch {
    // Nothing was kept, then.
  }
}
