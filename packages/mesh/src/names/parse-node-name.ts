import { err, type Result } from '../result.ts'
import { type LabelFault, parseDnsLabel } from './dns-label.ts'

export type NodeNameFault =
  | LabelFault
  | { readonly kind: 'reserved'; readonly message: string; readonly suggestion: string }

/** A node's name goes into the hosts file of every other node and becomes its Kubernetes name. */
export function parseNodeName(text: string): Result<string, NodeNameFault> {
  if (text === 'localhost') {
    const message = '"localhost" is every machine\'s own name; give the node one of its own; try "node-1"'
    return err({ kind: 'reserved', message, suggestion: 'node-1' })
  }
  if (text === 'default') {
    const message =
      '"default" stands for all nodes that have no way of their own; give the node another name; try "node-1"'
    return err({ kind: 'reserved', message, suggestion: 'node-1' })
  }
  return parseDnsLabel(text, 'node name')
}
