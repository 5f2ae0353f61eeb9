/**
 * Who pings whom to know that a tunnel lives: gateways everybody, and everybody the gateways. That is no reach of a policy's and never
 * cut: a network that denies everything is a healthy one. IPv6 has addresses of its own for it (ip/address-plan.ts), by which direct
 * tunnels are measured too; where a machine has no IPv6 the node's IPv4 address is pinged, and a direct tunnel needs a rule for it.
 */
import { type AddressSet, NOBODY, uniteAll } from './address-set.ts'
import type { AccessPlan } from './plan-access.ts'

export type Probes = { readonly from: AddressSet; readonly to: AddressSet }

/** Of one node: whose pings to which of its addresses always pass. */
export function probesOf(plan: AccessPlan, nodeId: string): Probes {
  const { machines, overlay } = plan.directory
  const node = machines.get(nodeId)
  const carriers = carriersOf(plan).flatMap((id) => machines.get(id) ?? [])
  if (!node || carriers.length === 0) return { from: NOBODY, to: NOBODY }
  const from = carriers.includes(node) ? overlay.v4 : uniteAll(carriers.map(({ addresses }) => addresses)).v4
  return { from: { v4: from, v6: overlay.v6 }, to: { v4: node.addresses.v4, v6: overlay.probes6 } }
}

export const carriersOf = ({ carrier, gateways }: AccessPlan): readonly string[] =>
  carrier === null ? gateways : [carrier, ...gateways]
