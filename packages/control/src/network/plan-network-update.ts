/** What a change of a network does, for its preview and for the change itself. */
import { formatEndpoint, parseEndpoint } from '@spanwire/mesh/ip/endpoint'
import { z } from 'zod'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import type { Db, Network, Tx } from '../db.ts'
import { Refusal } from '../refusal.ts'
import { acceptInterfaceName, acceptMtu, acceptNetworkName, acceptRange, networkFields } from './network-input.ts'

export const UpdateNetwork = z.object({
  id: z.uuid(),
  name: networkFields.name.optional(),
  cidr4: networkFields.cidr4.optional(),
  interfaceName: networkFields.interfaceName.optional(),
  listenPort: networkFields.listenPort.optional(),
  mtu: networkFields.mtu.optional(),
  keepaliveSeconds: networkFields.keepaliveSeconds.optional(),
})

export type NetworkUpdate = {
  readonly changed: ReturnType<typeof changes<Record<string, unknown>>>
  /** gateways whose endpoint named the old port, and the endpoint that follows */
  readonly endpoints: readonly { readonly id: string; readonly name: string; readonly endpoint: string }[]
  readonly cut: string[]
}

export async function planNetworkUpdate(
  ctx: Context,
  tx: Tx | Db['prisma'],
  network: Network,
  input: z.infer<typeof UpdateNetwork>,
): Promise<NetworkUpdate> {
  const wanted = {
    name: input.name === undefined ? undefined : acceptNetworkName(input.name),
    cidr4:
      input.cidr4 === undefined || input.cidr4 === network.cidr4
        ? undefined
        : await acceptRange(ctx, network.organizationId, input.cidr4, tx, network.id),
    interfaceName: input.interfaceName === undefined ? undefined : acceptInterfaceName(input.interfaceName),
    listenPort: input.listenPort,
    mtu: input.mtu === undefined ? undefined : acceptMtu(input.mtu),
    keepaliveSeconds: input.keepaliveSeconds,
  }
  const changed = changes<Record<string, unknown>>(network, wanted)
  const joined = await tx.node.findMany({ where: { networkId: network.id, ordinal: { not: null } } })
  for (const [field, what] of [
    ['cidr4', 'The range'],
    ['interfaceName', 'The interface name'],
  ] as const) {
    if (changed && field in changed.data && joined.length > 0) {
      throw new Refusal('PRECONDITION_FAILED', `${what} cannot change while ${count(joined.length)} joined.`, {
        field,
        reason: 'nodes-joined',
        fix: 'Remove the nodes first, or make another network and let them join it.',
      })
    }
  }
  const port = input.listenPort
  if (port === undefined || port === network.listenPort) return { changed, endpoints: [], cut: [] }
  const gateways = joined.filter(({ role }) => role === 'gateway')
  const endpoints = gateways.flatMap(({ id, name, endpoint }) => {
    const parsed = endpoint === null ? null : parseEndpoint(endpoint)
    if (!parsed?.ok || parsed.value.port !== network.listenPort) return []
    return [{ id, name, endpoint: formatEndpoint({ ...parsed.value, port }) }]
  })
  return { changed, endpoints, cut: joined.length === 0 ? [] : portCut(joined.length, gateways, endpoints, port) }
}

function portCut(
  nodes: number,
  gateways: readonly { name: string }[],
  endpoints: NetworkUpdate['endpoints'],
  port: number,
): string[] {
  const moved = endpoints.map(
    ({ name, endpoint }) => `${name} is then reached at ${endpoint}; its firewall must let UDP ${port} in.`,
  )
  const stay = gateways
    .filter(({ name }) => !endpoints.some((each) => each.name === name))
    .map(({ name }) => `${name} keeps its endpoint: point that port at UDP ${port} of the machine.`)
  return [
    `The tunnels of ${nodes} ${nodes === 1 ? 'node' : 'nodes'} are cut until they meet again on UDP ${port}.`,
    ...moved,
    ...stay,
  ]
}

const count = (nodes: number): string => (nodes === 1 ? 'a node has' : `${nodes} nodes have`)
