/** Who talks with whom, by the counters of one end: pairs that are to have a direct path in a mesh. */
import { parseAddress } from '@spanwire/mesh/ip/address'
import { whoHas } from '@spanwire/mesh/paths/who-has'
import type { Talk } from '@spanwire/mesh/protocol/parse-talk'
import type { MachineNode, MachinePair } from '../machine/network-rows.ts'
import type { Mirrored } from '../machine/read-mirrored.ts'

/** Fewer in the time between two reports are a ping, or a name looked up: not worth a tunnel. */
const ENOUGH_PACKETS = 20

/** `before`: what the counters were at the node's last report to this process; without it nothing is known to be new. */
export function talkNews(
  network: Mirrored,
  node: MachineNode,
  talk: readonly Talk[],
  before: ReadonlyMap<string, number> | undefined,
): MachinePair[] {
  if (network.topology !== 'mesh' || before === undefined || !network.plan.ends.has(node.id)) return []
  const packets = new Map<string, number>()
  for (const { address, packets: now } of talk) {
    const then = before.get(address) ?? 0
    // Counters begin anew when their table is made anew.
    const since = now >= then ? now - then : now
    const id = since > 0 ? ownerOf(network, address) : null
    if (id !== null) packets.set(id, (packets.get(id) ?? 0) + since)
  }
  const own = network.plan.ends.get(node.id)
  return [...packets].flatMap(([id, count]) => {
    const other = network.plan.ends.get(id)
    if (count < ENOUGH_PACKETS || !other || id === node.id) return []
    if (own?.siteId !== null && own?.siteId === other.siteId) return []
    return node.id < id ? [{ a: node.id, b: id }] : [{ a: id, b: node.id }]
  })
}

const owners = new WeakMap<Mirrored['plan'], ReturnType<typeof whoHas>>()

function ownerOf({ plan }: Mirrored, text: string): string | null {
  let find = owners.get(plan)
  if (!find) {
    find = whoHas(plan)
    owners.set(plan, find)
  }
  const address = parseAddress(text)
  return address.ok ? find(address.value) : null
}
