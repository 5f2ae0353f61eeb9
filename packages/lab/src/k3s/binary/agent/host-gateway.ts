import { type Interface, interfaceNamed } from '../interfaces.ts'
import { log } from '../log.ts'
import { ip, ipJson } from '../run.ts'
import type { Backend, Lease } from './flannel.ts'

type Route = { dst: string; gateway?: string; dev?: string }

/**
 * Routes by way of the other nodes' addresses: no `onlink`, so the address must be on a connected network. A route to the
 * same range by another way is deleted. Routes are put back while the interface is the very one of the start; flannel keeps
 * its index, so with an interface made anew pod traffic stays dead until k3s restarts (flannel#1759).
 */
export class HostGateway implements Backend {
  readonly type = 'host-gw'
  readonly data = 'null'
  readonly mtu: number
  readonly #iface: Interface
  #known = new Set<string>()

  constructor(iface: Interface) {
    this.#iface = iface
    this.mtu = iface.mtu
  }

  apply(leases: Lease[]): void {
    for (const lease of leases) this.#add(lease)
    const wanted = new Set(leases.map(({ subnet }) => subnet))
    for (const subnet of this.#known) {
      if (wanted.has(subnet)) continue
      log.info(`Subnet removed: ${subnet}`)
      for (const route of routesTo(subnet)) ip('route', 'del', subnet, ...way(route))
    }
    this.#known = wanted
  }

  #add({ subnet, publicIp }: Lease): void {
    const { name, index } = this.#iface
    const present = routesTo(subnet)
    if (present.some((route) => route.gateway === publicIp && route.dev === name)) return
    for (const route of present) {
      log.warn(`Replacing existing route to ${subnet} with ${publicIp} dev index ${index}.`)
      ip('route', 'del', subnet, ...way(route))
    }
    const why = interfaceNamed(name)?.index === index ? this.#try(subnet, publicIp) : 'no such device'
    if (why === undefined) log.info(`Route to ${subnet} via ${publicIp} dev index ${index} added.`)
    else log.error(`Error adding route to ${subnet} via ${publicIp} dev index ${index}: ${why}`)
  }

  #try(subnet: string, gateway: string): string | undefined {
    try {
      ip('route', 'add', subnet, 'via', gateway, 'dev', this.#iface.name)
      return undefined
    } catch (error) {
      return (error as Error).message.replace(/^Error: /, '')
    }
  }
}

function routesTo(subnet: string): Route[] {
  return ipJson<Route>('-4', 'route', 'show', 'exact', subnet)
}

function way({ gateway, dev }: Route): string[] {
  return [...(gateway ? ['via', gateway] : []), ...(dev ? ['dev', dev] : [])]
}
