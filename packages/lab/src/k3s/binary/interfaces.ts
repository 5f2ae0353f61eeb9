import { isIP } from 'node:net'
import { ipJson } from './run.ts'

export type Interface = { name: string; index: number; mtu: number; addresses: string[] }

type Link = {
  ifname: string
  ifindex: number
  mtu: number
  addr_info: { family: string; local?: string; scope: string }[]
}

export function interfaces(): Interface[] {
  return ipJson<Link>('addr', 'show').map((link) => ({
    name: link.ifname,
    index: link.ifindex,
    mtu: link.mtu,
    addresses: link.addr_info.filter(({ scope }) => scope !== 'link').flatMap(({ local }) => local ?? []),
  }))
}

export function interfaceNamed(name: string): Interface | undefined {
  return interfaces().find((each) => each.name === name)
}

/** The one the default route leaves by: where k3s takes node-ip and flannel's interface from when nothing is said. */
export function defaultInterface(): Interface | undefined {
  const [route] = ipJson<{ dev: string }>('-4', 'route', 'show', 'default')
  return route && interfaceNamed(route.dev)
}

export function firstAddress({ addresses }: Interface, family: 4 | 6 = 4): string | undefined {
  return addresses.find((address) => isIP(address) === family)
}

export function isOnAnInterface(address: string): boolean {
  return interfaces().some(({ addresses }) => addresses.includes(address))
}
