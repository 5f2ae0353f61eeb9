/**
 * The next step that brings a member to the gateways that it is to have, without ever aiming the tunnel elsewhere that carries.
 *
 *   wanted: gw-3, then gw-2          a      b      first   carries
 *                                    gw-1   gw-2   a       a
 *   aim the one that does not carry  gw-1   gw-3   a       a
 *   it lives: prefer it              gw-1   gw-3   b       a
 *   the node says that it carries    gw-1   gw-3   b       b
 *   aim the other one                gw-2   gw-3   b       b        done
 *
 * A gateway that is drained is moved from in the same way: it is wanted no more. What is not proven yet waits, for ever if need be: the
 * member goes on as it is. A tunnel that is dead does not carry, whatever is preferred.
 */
import { gatewayIn, type Slots } from './slots.ts'

export type SlotEvidence = {
  /** By the node's own last word, fresh: is the tunnel of the slot alive? Null when nothing fresh is known. */
  readonly isAlive: Readonly<Record<'a' | 'b', boolean | null>>
  /** The slot that its default way is on; null when it said nothing of it. */
  readonly carries: 'a' | 'b' | null
}

/** Without a second one the other slot stays as it is: a gateway that is being drained is better than none. */
export type WantedGateways = { readonly first: string; readonly second: string | null }

export type SlotStep =
  | { readonly kind: 'done' }
  | { readonly kind: 'waits'; readonly for: 'proof' | 'move' }
  | { readonly kind: 'sets'; readonly slots: Slots }

export function nextSlots(slots: Slots, wanted: WantedGateways, evidence: SlotEvidence): SlotStep {
  const used = carrierOf(slots, evidence)
  const free = used === 'a' ? 'b' : 'a'
  if (slots[used] === wanted.first) {
    if (slots.first !== used) return { kind: 'sets', slots: { ...slots, first: used } }
    const { second } = wanted
    if (second === null || second === wanted.first || slots[free] === second) return { kind: 'done' }
    return { kind: 'sets', slots: { ...slots, [free]: second } }
  }
  if (slots[free] !== wanted.first) return { kind: 'sets', slots: { ...slots, [free]: wanted.first } }
  if (evidence.isAlive[free] !== true) return { kind: 'waits', for: 'proof' }
  if (slots.first !== free) return { kind: 'sets', slots: { ...slots, first: free } }
  return { kind: 'waits', for: 'move' }
}

/** Without a word of the node: the preferred one, unless it is known dead and the other alive. */
function carrierOf({ first }: Slots, { isAlive, carries }: SlotEvidence): 'a' | 'b' {
  if (carries) return carries
  const other = first === 'a' ? 'b' : 'a'
  return isAlive[first] === false && isAlive[other] === true ? other : first
}

/** Those that a member is to have: as it has them, less who is drained or gone, filled up in the order of the line. */
export function wantedGateways(
  slots: Slots,
  /** Who carries and is not drained, best first. */
  line: readonly string[],
): WantedGateways | null {
  const stays = [gatewayIn(slots, 'first'), gatewayIn(slots, 'other')].filter(
    (id): id is string => id !== null && line.includes(id),
  )
  const [first, second = null] = [...stays, ...line.filter((id) => !stays.includes(id))]
  return first === undefined ? null : { first, second }
}
