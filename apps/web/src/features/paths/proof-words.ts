import type { Direction } from './path-shapes.ts'

/**
 * What is known of the last time that a way or a tunnel carried: a label and, where there is one, the time. Scripts remember since they
 * began, so nobody can say "never".
 */
export function proofWords({
  kind,
  status,
  evidenceAt,
  sinceAt,
}: Partial<Pick<Direction, 'kind' | 'sinceAt'>> & Pick<Direction, 'status' | 'evidenceAt'>): {
  readonly label: string
  readonly at: string | null
  readonly text: string
} {
  const text = status === 'unknown' ? 'not yet' : 'not since the scripts of its ends began'
  if (status === 'up' || status === 'unknown') return { label: 'Proven', at: evidenceAt, text }
  if (evidenceAt !== null) return { label: status === 'one-way' ? 'One end heard' : 'Last alive', at: evidenceAt, text }
  if (kind === 'unreachable' && sinceAt) return { label: 'No way since', at: sinceAt, text }
  return { label: 'Proven', at: null, text }
}
