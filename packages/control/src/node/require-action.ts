import { type NodeAction, nodeCan, whyNodeCannot } from '@spanwire/mesh/enrolment/node-actions'
import type { Node } from '../db.ts'
import { Refusal } from '../refusal.ts'

/** The table that disables the button refuses the verb, with the same sentence. */
export function requireAction(node: Pick<Node, 'name' | 'state'>, action: NodeAction): void {
  if (nodeCan(action, node.state)) return
  const why = whyNodeCannot(action, node.state) ?? ''
  throw new Refusal('CONFLICT', `${node.name} is ${node.state}. ${why}`.trim(), { reason: 'wrong-state' })
}
