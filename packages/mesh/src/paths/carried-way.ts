/**
 * The way that packets take by gateways, given which tunnels live. The rules of destinations.ts and of the tables that the script makes,
 * once more and as one walk, so that it can be told.
 *
 *   from ─ first slot that lives ─▶ gateway ─┬─ its own member, alive ───────────────────▶ to
 *                                            ├─ its own member, dead: the other gateway ─▶ once more, not back
 *                                            └─ of others: first gateway that lives ─────▶ once more, not back
 */
import { interconnectName, secondName } from './interface-names.ts'
import type { NetworkPlan } from './plan.ts'
import type { Seat } from './seat.ts'
import { gatewayIn } from './slots.ts'

/** Whether a node holds its tunnel to a peer for alive. */
export type Lives = (atId: string, interfaceName: string, peerId: string) => boolean

export type CarriedWay = {
  readonly arrives: boolean
  /** Ids of the gateways in between, in order, as far as it went. */
  readonly via: readonly string[]
  /** Tunnels that were preferred and do not live. */
  readonly dead: readonly { readonly atId: string; readonly peerId: string }[]
}

export function carriedWay(network: NetworkPlan, from: Seat, to: Seat, lives: Lives): CarriedWay {
  const base = network.settings.interfaceName
  const via: string[] = []
  const dead: { atId: string; peerId: string }[] = []
  const isUp = (atId: string, name: string, peerId: string) => {
    const isAlive = lives(atId, name, peerId)
    if (!isAlive) dead.push({ atId, peerId })
    return isAlive
  }
  const end = (arrives: boolean): CarriedWay => ({ arrives, via, dead })

  // Without a gateway there is nobody to carry.
  if (network.gateways.length === 0) return end(false)
  let at = from.id
  let came: string | null = null
  if (from.slots) {
    const slots = from.slots
    const gateway = slotOrder(from, to).find((id) => isUp(from.id, slots.b === id ? secondName(base) : base, id))
    if (gateway === undefined || gateway === to.id) return end(gateway !== undefined)
    at = gateway
    via.push(gateway)
  }
  for (;;) {
    if (isCarriedBy(to, at) && isUp(at, base, to.id)) return end(true)
    const here = at
    const next: string | undefined = nextGateways(to, here, came).find((id) => isUp(here, betweenName(network, id), id))
    if (next === undefined || next === to.id) return end(next !== undefined)
    came = here
    at = next
    via.push(next)
  }
}

/** A gateway asks another once, and never the one that asked it: so two never send a packet to and fro. */
function nextGateways(to: Seat, at: string, came: string | null): readonly string[] {
  if (!to.slots) return came === null ? [to.id] : []
  const gateways = [gatewayIn(to.slots, 'first'), gatewayIn(to.slots, 'other')]
  const others = gateways.filter((id): id is string => id !== null && id !== at && id !== came)
  return isCarriedBy(to, at) || came === null ? others : []
}

/** To a gateway that has one of its slots by that one, else by the first that lives. */
function slotOrder({ slots }: Seat, to: Seat): readonly string[] {
  const order = slots ? [gatewayIn(slots, 'first'), gatewayIn(slots, 'other')] : []
  const there = order.filter((id): id is string => id !== null)
  return there.includes(to.id) ? [to.id, ...there.filter((id) => id !== to.id)] : there
}

const isCarriedBy = ({ slots }: Seat, gatewayId: string): boolean => slots?.a === gatewayId || slots?.b === gatewayId

const betweenName = (network: NetworkPlan, gatewayId: string): string =>
  interconnectName(network.settings.interfaceName, network.seats.get(gatewayId)?.number ?? 0)
