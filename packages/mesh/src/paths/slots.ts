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
  return slotFiller(gateways)(stored)
}

/** The same for many: the line is made once. */
export function slotFiller(gateways: readonly Gateway[]): (stored: Slots | null | undefined) => Slots {
  // The base interface has to have it: a network with one gateway may have no other one.
  const [only, another] = gateways
  if (!another) return () => ({ a: only?.node.id ?? null, b: null, first: 'a' })
  const line = [...gateways]
    .sort((x, y) => Number(x.node.draining ?? false) - Number(y.node.draining ?? false))
    .map(({ node }) => node.id)
  const ids = new Set(line)
  const next = (other: string | null) => line.find((id) => id !== other) ?? null
  return (stored) => {
    const a = stored?.a && ids.has(stored.a) ? stored.a : null
    const b = stored?.b && stored.b !== a && ids.has(stored.b) ? stored.b : null
    if (stored && a !== null && b !== null) return stored
    const filledA = a ?? next(b)
    return { a: filledA, b: b ?? next(filledA), first: stored?.first ?? 'a' }
  }
}

export const gatewayIn = (slots: Slots, which: 'first' | 'other'): string | null =>
  (slots.first === 'a') === (which === 'first') ? slots.a : slots.b
