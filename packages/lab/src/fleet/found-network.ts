/** A network for a simulated fleet, and the tokens that let it in: through the doors that a person uses. */
import { chooseRange } from './choose-range.ts'
import type { FleetOptions } from './fleet.ts'
import { placeNames } from './population.ts'
import type { Rest } from './rest.ts'

export type FoundedNetwork = {
  readonly id: string
  readonly sites: readonly string[]
  readonly tokens: FleetOptions['tokens']
}

export async function foundNetwork(
  rest: Rest,
  name: string,
  {
    nodes,
    sites,
    gateways = 1,
    topology = 'hub',
  }: { nodes: number; sites: number; gateways?: number; topology?: 'hub' | 'sites' | 'mesh' },
): Promise<FoundedNetwork> {
  const { id } = await chooseRange(async () => {
    const { cidr4 } = await rest<{ cidr4: string }>('GET', '/network-proposal')
    return rest<{ id: string }>('POST', '/networks', { name, cidr4, simulated: true })
  })
  const names = placeNames(sites)
  const ids = new Map<string, string>()
  for (const site of names)
    ids.set(site, (await rest<{ id: string }>('POST', '/sites', { networkId: id, name: site })).id)
  const invited: string[] = []
  for (let i = 0; i < gateways; i++) {
    const site = names[i % names.length] as string
    const invitation = await rest<{ nodeId: string; token: string }>('POST', '/invitations', { networkId: id })
    await rest('PATCH', `/invitations/${invitation.nodeId}`, {
      ...{ name: `${site}-gw-${1 + Math.floor(i / names.length)}`, role: 'gateway', siteId: ids.get(site) },
      endpoint: `203.0.113.${7 + i}:51820`,
    })
    invited.push(invitation.token)
  }
  if (topology !== 'hub') await rest('POST', `/networks/${id}/set-topology`, { topology })
  const [gateway = '', ...more] = invited
  return { id, sites: names, tokens: { gateway, gateways: more, members: await memberTokens(rest, id, nodes) } }
}

/** A join key for each site of the network; also lets those back in that are in already, the gateway with them. */
export async function memberTokens(rest: Rest, networkId: string, nodes: number): Promise<Record<string, string>> {
  const sites = await rest<{ id: string; name: string }[]>('GET', `/networks/${networkId}/sites`)
  const tokens: Record<string, string> = {}
  for (const { id, name } of sites) {
    const key = { networkId, name: `machines at ${name}`, maxUses: Math.max(1, nodes), expiresInHours: 24, siteId: id }
    tokens[name] = (await rest<{ token: string }>('POST', '/join-keys', key)).token
  }
  return tokens
}
