/**
 * What a node is to others: who it is, what is behind it, and by which gateways it is reached. The same object from plan to plan while
 * nothing in it changes, whatever else its row says: by it a configuration knows that it need not be made anew.
 */
import type { Prefix } from '../ip/prefix.ts'
import type { JoinedNode } from './network-input.ts'
import type { Slots } from './slots.ts'

export type Seat = {
  readonly id: string
  readonly name: string
  readonly role: 'gateway' | 'member'
  readonly ordinal: number
  readonly publicKey: string
  readonly endpoint: string | null
  readonly pods: readonly Prefix[]
  /** Of LANs behind it, approved. */
  readonly routes: readonly Prefix[]
  /** Addresses, pods and LANs. */
  readonly own: readonly Prefix[]
  /** Of a gateway that carries; null for who is carried. */
  readonly number: number | null
  /** Of who is carried. */
  readonly slots: Slots | null
}

export function seatOf(
  node: JoinedNode,
  more: Given,
  addresses: (ordinal: number) => readonly Prefix[],
  before: Seat | undefined,
): Seat {
  if (before && isSame(before, node, more)) return before
  const { id, name, role, ordinal, publicKey, endpoint } = node
  // Ranges stay the same objects: others know them by that.
  const pods = before && samePrefixes(before.pods, more.pods) ? before.pods : more.pods
  const routes = before && samePrefixes(before.routes, more.routes) ? before.routes : more.routes
  const own = [...addresses(ordinal), ...pods, ...routes]
  return { id, name, role, ordinal, publicKey, endpoint, ...more, pods, routes, own }
}

type Given = Pick<Seat, 'pods' | 'routes' | 'number' | 'slots'>

function isSame(a: Seat, node: JoinedNode, b: Given): boolean {
  return (
    a.name === node.name &&
    a.role === node.role &&
    a.ordinal === node.ordinal &&
    a.publicKey === node.publicKey &&
    a.endpoint === node.endpoint &&
    a.number === b.number &&
    a.slots?.a === b.slots?.a &&
    a.slots?.b === b.slots?.b &&
    a.slots?.first === b.slots?.first &&
    samePrefixes(a.pods, b.pods) &&
    samePrefixes(a.routes, b.routes)
  )
}

export function samePrefixes(a: readonly Prefix[], b: readonly Prefix[]): boolean {
  if (a === b) return true
  return (
    a.length === b.length &&
    a.every(({ base, length, family }, i) => {
      const other = b[i]
      return other !== undefined && base === other.base && length === other.length && family === other.family
    })
  )
}
