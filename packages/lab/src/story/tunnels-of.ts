import type { PathsWorld } from './paths-world.ts'

/** By machine: `INTERFACE PEER` of each tunnel that is there to carry, as `wg` shows it on the machine itself. */
export type Tunnels = Record<string, string[]>

export async function tunnelsOf(net: PathsWorld): Promise<Tunnels> {
  const names = await keysOf(net)
  const rows = net.names.map(async (name) => {
    const shown = await net.host(name).output('wg show all allowed-ips')
    const tunnels = shown.split('\n').flatMap((line) => {
      const [face, key = '', ranges = '(none)'] = line.split('\t')
      return ranges === '(none)' ? [] : [`${face} ${names.get(key) ?? key}`]
    })
    return [name, tunnels] as const
  })
  return Object.fromEntries(await Promise.all(rows))
}

/** Where a machine calls others directly, by their names; its own among them would be a tunnel to itself. */
export async function directEndpointsOf(net: PathsWorld, name: string): Promise<Record<string, string>> {
  const names = await keysOf(net)
  const shown = await net.host(name).output('wg show span0d endpoints')
  const rows = shown.split('\n').map((line) => line.split('\t'))
  return Object.fromEntries(
    rows.flatMap(([key = '', endpoint = '']) => (endpoint.includes(':') ? [[names.get(key) ?? key, endpoint]] : [])),
  )
}

async function keysOf(net: PathsWorld): Promise<Map<string, string>> {
  const keys = net.names.map(async (name) => {
    const shown = await net.host(name).output('wg show all public-key')
    return shown.split('\n').map((line) => [line.split('\t')[1] ?? '', name] as const)
  })
  return new Map((await Promise.all(keys)).flat())
}
