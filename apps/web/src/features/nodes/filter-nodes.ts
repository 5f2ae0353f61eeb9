import { labelTexts } from '~/ui/parse-labels.ts'
import type { NodeRow, NodeState } from './node-row.ts'
import { isInTrouble } from './trouble.ts'

export type Filter = {
  /** lower case, trimmed */
  search: string
  state: NodeState | null
  /** a site's id, or NO_SITE */
  site: string | null
  role: NodeRow['role'] | null
  trouble: boolean
}

export const NO_SITE = 'none'

export function filterNodes(rows: readonly NodeRow[], filter: Filter): readonly NodeRow[] {
  const words = filter.search.split(/\s+/).filter(Boolean)
  if (words.length === 0 && !filter.state && !filter.site && !filter.role && !filter.trouble) return rows
  return rows.filter(
    (row) =>
      (!filter.state || row.state === filter.state) &&
      (!filter.role || row.role === filter.role) &&
      (!filter.site || (row.siteId ?? NO_SITE) === filter.site) &&
      (!filter.trouble || isInTrouble(row)) &&
      (words.length === 0 || includesAll(textOf(row), words)),
  )
}

export function isFiltered(filter: Filter): boolean {
  return Boolean(filter.search || filter.state || filter.site || filter.role || filter.trouble)
}

function includesAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word))
}

// A refetch keeps the rows that did not change, so their text is put together once.
const texts = new WeakMap<NodeRow, string>()

function textOf(row: NodeRow): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const parts = [
    row.name,
    row.address4,
    row.address6,
    row.endpoint,
    row.siteName,
    row.os,
    row.kernel,
    row.role,
    row.state,
  ]
  const text = [...parts, ...labelTexts(row.labels)].filter(Boolean).join(' ').toLowerCase()
  texts.set(row, text)
  return text
}
