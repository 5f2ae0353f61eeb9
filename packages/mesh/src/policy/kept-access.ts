import type { NodeTable } from './node-table.ts'
import { nodeTable } from './node-table.ts'
import type { AccessPlan } from './plan-access.ts'
import { carriersOf } from './probes.ts'
import { renderAccess } from './render-access.ts'

type Kept = { readonly inputs: readonly unknown[]; readonly text: string | null }

const kept = new WeakMap<NodeTable, Kept>()

/**
 * What renderAccess writes, kept until something that it is made of is another object: of a thousand nodes only those are written anew whose
 * own rules changed, or whose rules name somebody who came or went.
 */
export function keptAccess(plan: AccessPlan, nodeId: string, base: string): string | null {
  const table = nodeTable(plan, nodeId)
  if (!table) return null
  const { machines, network, overlay } = plan.directory
  const carriers = carriersOf(plan).map((id) => machines.get(id))
  const sources = table.lines.map(({ part }) => plan.parts[part]?.sources)
  const inputs = [base, network, overlay, machines.get(nodeId), carriers.length, ...carriers, ...sources]
  const before = kept.get(table)
  if (before?.inputs.length === inputs.length && before.inputs.every((input, i) => input === inputs[i]))
    return before.text
  const text = renderAccess(plan, nodeId, base)
  kept.set(table, { inputs, text })
  return text
}
