/** What is known of a member's two tunnels: which is alive, and which one its default way is on. */

import type { SlotEvidence } from '@spanwire/mesh/paths/next-slots'
import { gatewayIn, type Slots } from '@spanwire/mesh/paths/slots'

export type SlotFacts = {
  readonly slots: Slots
  /** When they were last set; null: never. */
  readonly slotsAt: number | null
  /** The last report; null: none. */
  readonly reportedAt: number | null
  /** It runs what it should. */
  readonly isCurrent: boolean
  /** As it reported it; null: the first way of its plan. */
  readonly defaultWay: string | null
  readonly links: readonly {
    readonly peerId: string
    readonly interfaceName: string
    readonly state: string
    readonly reportedAt: number
  }[]
}

/** Reports come every 20 s at most. */
const FRESH_MS = 45_000
/** A part that begins anew says nothing of a way that is the first one: after so long its silence means that. */
const SILENCE_MS = 90_000

/**
 * Null while nothing should be done: the node is silent, or has not taken what it was told last. Its own word comes first; that it says
 * nothing counts only when it would long have said something else.
 *
 *   slots set ─ node applies ─ 30 s of being well ─ moves: says so ──> carries
 *                                                └─ (part begun anew) ─ 90 s without another word ──> as planned
 */
export function slotEvidence(base: string, facts: SlotFacts, now: number): SlotEvidence | null {
  const { slots, slotsAt, reportedAt, isCurrent, defaultWay, links } = facts
  if (reportedAt === null || now - reportedAt > FRESH_MS || !isCurrent) return null
  const alive = (id: string | null, interfaceName: string): boolean | null => {
    const link = links.find((each) => each.peerId === id && each.interfaceName === interfaceName)
    if (!link || now - link.reportedAt > FRESH_MS || link.state === 'unknown') return null
    return link.state === 'alive'
  }
  const said = defaultWay === base ? 'a' : defaultWay === `${base}b` ? 'b' : null
  if (said === null && slotsAt !== null && now - slotsAt < SILENCE_MS) return null
  return { isAlive: { a: alive(slots.a, base), b: alive(slots.b, `${base}b`) }, carries: said }
}

/** Whether the member's packets may still go by a gateway. One that is silent sends none. */
export function mayCarry(base: string, facts: SlotFacts, gatewayId: string, now: number): boolean {
  const { slots, slotsAt, reportedAt, defaultWay } = facts
  if (reportedAt === null || now - reportedAt > FRESH_MS) return false
  if (gatewayIn(slots, 'first') === gatewayId) return true
  if (defaultWay === null) return slotsAt !== null && now - slotsAt < SILENCE_MS
  return defaultWay === (slots.a === gatewayId ? base : `${base}b`)
}
