/**
 * What a node has not taken yet, in words: what the plan has for it held against the tunnels of its last report, and against the revision
 * that it confirmed. What it was sent is kept nowhere, so a change that neither shows is one of the network's settings.
 *
 *            planned, not reported     planned and reported              reported, not planned
 *            a new peer                changed since the revision: said    goes
 */
export type PendingTunnel = { readonly interfaceName: string; readonly peerId: string; readonly peer: string }

export type Pending = {
  readonly planned: readonly PendingTunnel[]
  readonly reported: readonly PendingTunnel[]
  /** Ids of nodes that changed after the revision that this one confirmed. */
  readonly changed: ReadonlySet<string>
  readonly nodeId: string
  /** Of nodes without a tunnel to this one, to whom it has a way all the same: a gateway knows where everybody is. */
  readonly others: readonly { readonly id: string; readonly name: string }[]
  /** Versions of the access policy; null where there is none. */
  readonly policy: { readonly wanted: number; readonly has: number | null } | null
}

export function pendingChanges(pending: Pending): string[] {
  const { planned, reported, changed, policy } = pending
  const keyOf = ({ interfaceName, peerId }: PendingTunnel) => `${interfaceName} ${peerId}`
  const [has, wants] = [new Set(reported.map(keyOf)), new Set(planned.map(keyOf))]
  const kept = planned.filter((tunnel) => has.has(keyOf(tunnel)))
  return [
    ...(changed.has(pending.nodeId) ? ['its own settings: name, role, gateways, addresses or LANs behind it'] : []),
    ...listed(
      'a new peer',
      'new peers',
      planned.filter((tunnel) => !has.has(keyOf(tunnel))),
    ),
    ...listed(
      'changed settings of',
      'changed settings of',
      kept.filter(({ peerId }) => changed.has(peerId)),
    ),
    ...listed(
      'the end of the tunnel to',
      'the end of tunnels to',
      reported.filter((tunnel) => !wants.has(keyOf(tunnel))),
    ),
    ...listed(
      'the way to',
      'ways to',
      pending.others
        .filter(({ id }) => changed.has(id))
        .map(({ id, name }) => ({ interfaceName: '', peerId: id, peer: name })),
    ),
    ...(policy && policy.wanted !== policy.has
      ? [
          policy.wanted === 0
            ? 'the end of the access policy'
            : `rules of version ${policy.wanted} of the access policy`,
        ]
      : []),
  ]
}

const MOST_NAMED = 3

/** One change, whatever it is about many of. */
function listed(one: string, many: string, tunnels: readonly PendingTunnel[]): string[] {
  const names = [...new Set(tunnels.map(({ peer }) => peer))]
  if (names.length === 0) return []
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
  return [`${names.length === 1 ? one : many} ${names.slice(0, MOST_NAMED).join(', ')}${more}`]
}
