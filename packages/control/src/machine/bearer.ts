import type { NodeRequest } from './answer.ts'

const SHAPES = {
  /** join token */
  swj: /^Bearer (swj_[A-Za-z0-9_-]{43})$/,
  /** node credential */
  swn: /^Bearer (swn_[0-9a-f]{64})$/,
}

/** The secret of that kind, or null: whatever looks otherwise never reaches the database. */
export function bearer(request: NodeRequest, kind: keyof typeof SHAPES): string | null {
  return SHAPES[kind].exec(request.authorization ?? '')?.[1] ?? null
}
