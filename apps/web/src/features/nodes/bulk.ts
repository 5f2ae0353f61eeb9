import { type NodeAction, whyNodeCannot } from '@spanwire/mesh/enrolment/node-actions'
import type { NodeRow } from './node-row.ts'

export type BulkKind = 'relabel' | 'site' | 'pause' | 'remove'

/** What each does to one node: an invitation is not removed but revoked. */
export function actionOn(kind: BulkKind, node: NodeRow): NodeAction {
  switch (kind) {
    case 'relabel':
      return 'relabel'
    case 'site':
      return 'edit'
    case 'pause':
      return 'pause'
    case 'remove':
      return node.state === 'invited' ? 'revoke' : 'remove'
  }
}

export type Split = { able: NodeRow[]; unable: { node: NodeRow; why: string }[] }

/** Which of the chosen it can be done to, and why not to the others. */
export function splitByAction(kind: BulkKind, nodes: readonly NodeRow[]): Split {
  const split: Split = { able: [], unable: [] }
  for (const node of nodes) {
    const why = whyNodeCannot(actionOn(kind, node), node.state)
    if (why === null) split.able.push(node)
    else split.unable.push({ node, why })
  }
  return split
}

/** Why the whole action is barred; null when it can be done to one of them at least. */
export function whyNoneCan(kind: BulkKind, nodes: readonly NodeRow[]): string | null {
  const { able, unable } = splitByAction(kind, nodes)
  return able.length > 0 ? null : (unable[0]?.why ?? 'Nothing is selected.')
}

/** Past this many, the name of what is cut must be typed. */
export const MANY = 10
