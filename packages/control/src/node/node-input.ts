/** The fields that a person fills in for a node, checked by the rules that the browser shows while typing. */
import { type Endpoint, formatEndpoint, parseEndpoint } from '@spanwire/mesh/ip/endpoint'
import { contains, parsePrefix } from '@spanwire/mesh/ip/prefix'
import { parseLabel } from '@spanwire/mesh/names/parse-label'
import { parseNodeName } from '@spanwire/mesh/names/parse-node-name'
import { accept } from '../accept.ts'
import type { Network, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'

export const acceptNodeName = (name: string): string => accept(parseNodeName(name), 'name')

const MAX_LABELS = 64

export function acceptLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(labels)
  if (entries.length > MAX_LABELS) {
    throw new Refusal('BAD_REQUEST', `A node has ${MAX_LABELS} labels at most.`, { field: 'labels' })
  }
  for (const [key, value] of entries) accept(parseLabel(key, value), 'labels')
  return Object.fromEntries(entries)
}

/** An endpoint inside the overlay would be reached through the very tunnel that it is to make. */
function acceptEndpoint(network: Pick<Network, 'cidr4' | 'cidr6'>, text: string): Endpoint {
  const endpoint = accept(parseEndpoint(text), 'endpoint')
  const inside = [network.cidr4, network.cidr6].find((range) => {
    const prefix = parsePrefix(range)
    return endpoint.kind === 'address' && prefix.ok && contains(prefix.value, endpoint.address)
  })
  if (inside !== undefined) {
    throw new Refusal('BAD_REQUEST', `${text} lies in ${inside}, the range of the network itself.`, {
      field: 'endpoint',
      fix: 'Give the address at which the machine is reached without the tunnel.',
    })
  }
  return endpoint
}

/** Also no endpoint inside a LAN that is reached through a node: every machine's packets to it would go into a tunnel. */
export async function acceptEndpointOutside(tx: Tx, network: Network, text: string): Promise<string> {
  const endpoint = acceptEndpoint(network, text)
  const accepted = formatEndpoint(endpoint)
  if (endpoint.kind !== 'address') return accepted
  const routes = await tx.nodeRoute.findMany({
    where: { node: { networkId: network.id }, state: 'approved' },
    select: { prefix: true, node: { select: { name: true } } },
  })
  const met = routes.find((route) => {
    const prefix = parsePrefix(route.prefix)
    return prefix.ok && contains(prefix.value, endpoint.address)
  })
  if (!met) return accepted
  throw new Refusal(
    'CONFLICT',
    `${accepted} lies in ${met.prefix}, the LAN that is reached through ${met.node.name}.`,
    {
      field: 'endpoint',
      reason: 'inside-route',
      fix: `Give an address outside of it, or take the LAN behind ${met.node.name} back first.`,
    },
  )
}

export async function acceptSite(tx: Tx, networkId: string, siteId: string): Promise<string> {
  const site = await tx.site.findFirst({ where: { id: siteId, networkId }, select: { id: true } })
  if (!site) throw new Refusal('NOT_FOUND', 'There is no such site in this network.', { field: 'siteId' })
  return site.id
}

export async function refuseTakenName(tx: Tx, networkId: string, name: string, exceptId?: string): Promise<void> {
  const taken = await tx.node.findFirst({
    where: { networkId, name, ...(exceptId && { id: { not: exceptId } }) },
    select: { state: true },
  })
  if (!taken) return
  const what = taken.state === 'invited' ? 'An invited node' : 'Another node'
  throw new Refusal('CONFLICT', `${what} of this network is called ${name} already.`, {
    field: 'name',
    reason: 'name-taken',
    fix: taken.state === 'invited' ? 'Choose another name, or revoke that invitation.' : 'Choose another name.',
  })
}
