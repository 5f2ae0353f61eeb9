/**
 * The ends of direct paths in a network. Two peers with one key would stop the configuration of everybody: nobody listens with a key that
 * another has; of two who do, the one that joined first.
 */
import type { Prefix } from '../ip/prefix.ts'
import { type DirectEnd, directEndOf } from './direct-end.ts'
import type { Gateway } from './gateways.ts'
import type { JoinedNode, PlanDevice } from './network-input.ts'
import type { RowChanges } from './row-changes.ts'
import { type Seat, samePrefixes } from './seat.ts'

export type EndsInput = {
  readonly joined: readonly JoinedNode[]
  readonly devices: readonly PlanDevice[]
  readonly gateways: readonly Gateway[]
  readonly refused: readonly Prefix[]
  /** Of who is at work, in the order of their places. */
  readonly seats: readonly Seat[]
}

/** For each seat its end, or null. */
export function directEnds(
  working: readonly JoinedNode[],
  now: EndsInput,
  { kept }: RowChanges,
  before: (EndsInput & { readonly ends: readonly (DirectEnd | null)[] }) | null,
): readonly (DirectEnd | null)[] {
  const gatewayIds = new Set(now.gateways.map(({ node }) => node.id))
  const isSeenAlike =
    before !== null &&
    samePrefixes(before.refused, now.refused) &&
    before.gateways.length === now.gateways.length &&
    before.gateways.every(({ node }) => gatewayIds.has(node.id))
  const earlier = new Map<string, DirectEnd>()
  const keptPlaces = new Set(kept)
  for (const [place, end] of before?.ends.entries() ?? []) if (end && !keptPlaces.has(place)) earlier.set(end.id, end)
  const keys = new Set<string>()
  for (const { publicKey } of now.joined) keys.add(publicKey)
  for (const { publicKey } of now.devices) keys.add(publicKey)
  return working.map((node, i) => {
    const seat = now.seats[i]
    const known = before?.ends[kept[i] ?? -1] ?? earlier.get(node.id)
    if (!seat) return null
    const isUnchanged = isSeenAlike && kept[i] !== -1 && known?.seat === seat
    const end = isUnchanged ? known : directEndOf(node, seat, gatewayIds, now.refused, known)
    if (!end || keys.has(end.publicKey)) return null
    keys.add(end.publicKey)
    return end
  })
}
