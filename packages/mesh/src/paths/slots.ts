/**
 * A member's two tunnels to gateways: `a` is the base interface, `b` the second one. They are never swapped, since a tunnel that carries
 * is not aimed elsewhere; `first` says which is preferred.
 */
import type { Gateway } from './gateways.ts'

export type Slots = { readonly a: string | null; readonly b: string | null; readonly first: 'a' | 'b' }

/**
 * What is stored, with gaps filled: a gateway that is gone, paused or named twice leaves its slot to the next one in line. Without
 * anything stored that is the first that joined, and the second; one that is being drained comes last.
 */
export function slotsOf(stored: Slots | null | undefined, gateways: readonly Gateway[]): Slots {
  // The base interface has to have it: a network with one gateway may have no other one.
  const [only, another] = gateways
  if (!another) return { a: only?.node.id ?? null, b: null, first: 'a' }
  const isHere = (id: string | null | undefined): id is string =>
    id !== null && id !== undefined && gateways.some(({ node }) => node.id === id)
  const a = isHere(stored?.a) ? stored.a : null
  const b = isHere(stored?.b) && stored.b !== a ? stored.b : null
  const line = [...gateways].sort((x, y) => Number(x.node.draining ?? false) - Number(y.node.draining ?? false))
  const next = (other: string | null) => line.find(({ node }) => node.id !== other)?.node.id ?? null
  const filledA = a ?? next(b)
  const filledB = b ?? next(filledA)
  return { a: filledA, b: filledB, first: filledB !== null && stored?.first === 'b' ? 'b' : 'a' }
}

export const gatewayIn = (slots: Slots, which: 'first' | 'other'): string | null =>
  (slots.first === 'a') === (which === 'first') ? slots.a : slots.b
