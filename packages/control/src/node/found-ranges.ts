import { parseAddress } from '@spanwire/mesh/ip/address'
import { type Prefix, prefixOf } from '@spanwire/mesh/ip/prefix'
import type { Context } from '../context.ts'

export type FoundRange = { readonly nodeId: string; readonly nodeName: string; readonly prefix: Prefix }

/** Of container runtimes: nobody else's machine is in them. */
const NO_LAN = /^(lo|docker|br-|veth|cni|flannel|cali|cilium|kube|virbr|lxc|lxd|podman|tailscale|wg|dummy|nodelocaldns)/

/** The networks in which machines say they have an address, outside of our own. */
export async function readFound(ctx: Pick<Context, 'db'>, networkId: string): Promise<FoundRange[]> {
  const { rows } = await ctx.db.pool.query<{ id: string; name: string; base: string; address: string }>(
    `select n.id, n.name, w.interface_name base, s.facts->>'address' address
       from nodes n join networks w on w.id = n.network_id join node_status s on s.node_id = n.id
      where n.network_id = $1 and n.state in ('enrolled', 'active') and s.facts ? 'address' order by n.name`,
    [networkId],
  )
  return rows.flatMap(({ id, name, base, address }) =>
    address.split('\n').flatMap((line) => {
      const [device = '', range = ''] = line.split(' ')
      const prefix = device.startsWith(base) || NO_LAN.test(device) ? null : rangeOf(range)
      return prefix ? [{ nodeId: id, nodeName: name, prefix }] : []
    }),
  )
}

/** `192.168.1.20/24`: a range with one address in it is none. */
function rangeOf(text: string): Prefix | null {
  const [host = '', length = ''] = text.split('/')
  const address = parseAddress(host)
  if (!address.ok || !/^[0-9]{1,3}$/.test(length)) return null
  const bits = Number(length)
  return bits >= 8 && bits < (address.value.family === 4 ? 31 : 127) ? prefixOf(address.value, bits) : null
}
