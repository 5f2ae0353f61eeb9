import type { DiffLine } from '~/ui/diff-lines.tsx'

/** What an event keeps of a change of the policy's text; null for events of other kinds, and for what is no such list. */
export function policyLines({ action, after }: { action: string; after: unknown }): readonly DiffLine[] | null {
  if (!action.startsWith('policy.') || after === null || typeof after !== 'object' || !('diff' in after)) return null
  const { diff } = after
  return Array.isArray(diff) && diff.length > 0 && diff.every(isLine) ? diff : null
}

function isLine(line: unknown): line is DiffLine {
  if (line === null) return true
  const { kind, text } = (line ?? {}) as { kind?: unknown; text?: unknown }
  return (kind === 'same' || kind === 'added' || kind === 'removed') && typeof text === 'string'
}
