/**
 * The tables of a machine as the script makes them of its files and of which peers it holds for alive (docs/paths.md): main, 7700, and at
 * gateways one for what came from each other gateway.
 */
import { longestMatch, matchLength } from './in-range.ts'
import type { TestMachine } from './read-machine.ts'

type Route = { readonly cidr: string; readonly to: string | 'throw' | 'unreachable' }

/** `NAME` of the interface it leaves by; null when nothing leads there. */
export type Lookup = (destination: string, cameBy: string | null) => string | null

export function routeTables(
  machine: TestMachine,
  /** Of the cluster: flannel makes routes to the pods of others on a machine that has pods. */
  podsOfOthers: readonly string[],
  lives: (interfaceName: string, publicKey: string) => boolean,
): Lookup {
  const setting = (key: string) => machine.settings.get(key) ?? []
  const base = setting('base')[0] ?? 'span0'
  const main: Route[] = [
    ...machine.addresses.map(({ name, cidr }) => ({ cidr: networkOf(cidr), to: name })),
    ...machine.routes.map(({ name, cidr }) => ({ cidr, to: name })),
    ...podsOfOthers.map((cidr) => ({ cidr, to: base })),
  ]
  const isAlive = (way: string): boolean => {
    const [name = '', key] = way.split(':')
    if (key !== undefined) return lives(name, key)
    const [peer] = [...(machine.interfaces.get(name)?.peers.values() ?? [])].filter(
      ({ allowedIps }) => allowedIps.length > 0,
    )
    return peer !== undefined && lives(name, peer.publicKey)
  }
  const line = new Map(machine.destinations.map((each) => [each.name, each]))
  const chosen = (name: string): string | null => {
    const way = line.get(name)?.ways.find((each) => each === 'default' || isAlive(each))
    if (way === 'default') return chosen('default')
    return way === undefined ? null : (way.split(':')[0] ?? null)
  }
  const exceptions: Route[] = setting('own').map((cidr) => ({ cidr, to: 'throw' }))
  for (const { name, cidrs, ways } of machine.destinations) {
    const isGateway = !line.has('default')
    const to = chosen(name)
    for (const cidr of cidrs) {
      const isLan = setting('routes').includes(cidr)
      // Nobody alive: a gateway says so at once; a member leaves it to its first way, where a tunnel may come back.
      const out = to ?? (isGateway ? 'unreachable' : (ways[0]?.split(':')[0] ?? base))
      if (isLan || (out !== base && !followsDefault(name, out))) exceptions.push({ cidr, to: out })
      // A way to one of its own that goes by the base interface again, while the default does not.
      else if (name !== 'default' && !isGateway && chosen('default') !== base && out === base)
        exceptions.push({ cidr, to: out })
    }
    if (name === 'default' && to !== null && to !== base)
      for (const { cidr } of main.filter((route) => route.to === base && isPod(route.cidr)))
        exceptions.push({ cidr, to })
  }
  function followsDefault(name: string, out: string): boolean {
    return name !== 'default' && line.has('default') && out === chosen('default')
  }
  function isPod(cidr: string): boolean {
    return setting('pods').some((range) => matchLength(cidr.split('/')[0] ?? '', range) >= 0)
  }

  const tables = new Map<string, readonly Route[]>()
  for (const name of machine.interfaces.keys()) {
    if (!/^span0g\d+$/.test(name)) continue
    tables.set(name, [
      ...[...setting('overlay'), ...setting('pods'), ...setting('routes')].map((cidr) => ({ cidr, to: base })),
      ...setting('own').map((cidr) => ({ cidr, to: 'throw' })),
      ...machine.destinations.flatMap(({ cidrs, ways: [first = '', other] }) => {
        if (!first.startsWith(`${base}:`) || isAlive(first)) return []
        const to = other !== undefined && other !== name && isAlive(other) ? other : 'unreachable'
        return cidrs.map((cidr) => ({ cidr, to }))
      }),
      { cidr: '0.0.0.0/0', to: 'unreachable' },
      { cidr: '::/0', to: 'unreachable' },
    ])
  }

  return (destination, cameBy) => {
    const order = [...(cameBy !== null && tables.has(cameBy) ? [tables.get(cameBy) ?? []] : []), exceptions, main]
    for (const table of order) {
      const route = longestMatch(destination, table)
      if (route?.to === 'unreachable') return null
      if (route && route.to !== 'throw') return route.to
    }
    return null
  }
}

/** What the kernel routes for an address with a length; a single address is local and leads nowhere else. */
function networkOf(cidr: string): string {
  const [address = '', length = ''] = cidr.split('/')
  if (length === '16') return `${address.split('.').slice(0, 2).join('.')}.0.0/16`
  if (length === '64') return `${address.slice(0, address.lastIndexOf('::'))}::/64`
  return cidr
}
