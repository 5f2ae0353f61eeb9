import type { NodeRow } from './node-row.ts'

type Judged = Pick<NodeRow, 'name' | 'state' | 'facts' | 'revision'>

/**
 * How much a node needs a look. The worst of its three facts speaks; they are only added up for the order of a list, never shown
 * as one.
 */
export function trouble(node: Judged): number {
  if (node.state === 'quarantined') return 5
  const facts = Object.values(node.facts)
  if (facts.some((fact) => fact.status === 'bad')) return 4
  if (facts.some((fact) => fact.status === 'warn')) return 3
  if (node.state === 'invited' || node.state === 'paused') return 1
  return !node.revision.current || facts.some((fact) => fact.status === 'unknown') ? 2 : 0
}

/** Something is wrong, and somebody should do something about it. */
export const isInTrouble = (node: Judged): boolean => trouble(node) >= 3

const names = new Intl.Collator('en', { numeric: true })

/** The worst first, then by name as people count: home-2 before home-10. */
export function worstFirst<Row extends Judged>(rows: readonly Row[]): Row[] {
  const rank = new Map(rows.map((row) => [row, trouble(row)]))
  return rows.toSorted((a, b) => (rank.get(b) ?? 0) - (rank.get(a) ?? 0) || names.compare(a.name, b.name))
}
