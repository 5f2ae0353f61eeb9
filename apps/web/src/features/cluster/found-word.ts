import type { ClusterNode } from './cluster-detail.ts'

/** What the preflight found, counted; null when there is nothing to look at. */
export function foundWord(counts: ClusterNode['preflight']): { status: 'bad' | 'warn'; text: string } | null {
  if (counts === null) return null
  const parts = [
    counts.critical > 0 && `${counts.critical} critical`,
    counts.warning > 0 && `${counts.warning} ${counts.warning === 1 ? 'warning' : 'warnings'}`,
  ].filter((part) => part !== false)
  if (parts.length === 0) return null
  return { status: counts.critical > 0 ? 'bad' : 'warn', text: parts.join(', ') }
}
