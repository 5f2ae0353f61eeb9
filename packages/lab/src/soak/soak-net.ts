import type { Home } from '../home.ts'
import { PathsWorld } from '../story/paths-world.ts'

/** Three sites, each with a gateway of its own in front of two machines at home; the third home has a NAT that keeps no ports. */
export type SoakNet = {
  readonly net: PathsWorld
  readonly sites: readonly { readonly gateway: string; readonly members: readonly string[]; readonly home: Home }[]
}

const SITES = [
  { name: 'north', gateway: 'gw-n', members: ['n1', 'n2'], lan: '192.168.1.0/24', nat: 'port-keeping' },
  { name: 'south', gateway: 'gw-s', members: ['s1', 's2'], lan: '192.168.1.0/24', nat: 'port-keeping' },
  { name: 'east', gateway: 'gw-e', members: ['e1', 'e2'], lan: '192.168.9.0/24', nat: 'random' },
] as const

export async function soakNet(): Promise<SoakNet> {
  const net = await PathsWorld.create()
  try {
    for (const { gateway } of SITES) await net.gateway(gateway)
    const sites = await Promise.all(
      SITES.map(async ({ name, gateway, members, lan, nat }, i) => {
        const siteId = await net.site(name, [gateway, SITES[(i + 1) % SITES.length]?.gateway ?? gateway])
        await net.world.operator.ask('PATCH', `/nodes/${net.id(gateway)}`, { siteId })
        const home = await net.world.lab.home(name, { lan, nat })
        for (const member of members) await net.member(member, home, { siteId })
        return { gateway, members, home }
      }),
    )
    await net.topology('mesh')
    await net.settled()
    return { net, sites }
  } catch (error) {
    await net[Symbol.asyncDispose]()
    throw error
  }
}
