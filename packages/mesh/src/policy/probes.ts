/**
 * Who pings whom to know that a tunnel lives: the carrier everybody, and everybody the carrier. That is no reach of a policy's and never
 * cut: a network that denies everything is a healthy one. IPv6 has addresses of its own for it (ip/address-plan.ts); where a machine has
 * no IPv6 the node's IPv4 address is pinged.
 */
import { type AddressSet, NOBODY } from './address-set.ts'
import type { AccessPlan } from './plan-access.ts'

export type Probes = { readonly from: AddressSet; readonly to: AddressSet }

/** Of one node: whose pings to which of its addresses always pass. */
export function probesOf(plan: AccessPlan, nodeId: string): Probes {
  const { machines, overlay } = plan.directory
  const node = machines.get(nodeId)
  const carrier = plan.carrier === null ? undefined : machines.get(plan.carrier)
  if (!node || !carrier) return { from: NOBODY, to: NOBODY }
  const from = node === carrier ? overlay.v4 : carrier.addresses.v4
  return { from: { v4: from, v6: overlay.v6 }, to: { v4: node.addresses.v4, v6: overlay.probes6 } }
}
