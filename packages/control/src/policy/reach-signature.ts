import { createHash } from 'node:crypto'
import type { ReachGroup } from '@spanwire/mesh/policy/reach-groups'

/** What a block says belongs to rows and columns of one moment: a machine that joins moves them. */
export function reachSignature(groups: readonly ReachGroup[]): string {
  const hash = createHash('sha256')
  for (const { label, members } of groups) hash.update(`${label}\n${members.join('\n')}\n\n`)
  return hash.digest('base64url').slice(0, 22)
}
