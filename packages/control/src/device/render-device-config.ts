/** What a device's configuration file needs beside the private key, which never came here. */

import { invariant } from '@spanwire/mesh/invariant'
import { nodeV4, nodeV6, overlayV6 } from '@spanwire/mesh/ip/address-plan'
import { formatEndpoint } from '@spanwire/mesh/ip/endpoint'
import { formatPrefix, hostPrefix } from '@spanwire/mesh/ip/prefix'
import { plan } from '@spanwire/mesh/paths/plan'
import { z } from 'zod'
import { readNetworkInput } from '../machine/read-network-input.ts'
import type { Sql } from '../machine/sql.ts'
import { Refusal } from '../refusal.ts'

export const DeviceConfig = z
  .object({
    addresses: z.array(z.string()),
    mtu: z.number(),
    dns: z.array(z.string()),
    peer: z.object({
      name: z.string(),
      publicKey: z.string(),
      endpoint: z.string(),
      allowedIps: z.array(z.string()),
      keepaliveSeconds: z.number(),
    }),
  })
  .meta({ id: 'DeviceConfig' })
export type DeviceConfig = z.infer<typeof DeviceConfig>

export async function renderDeviceConfig(sql: Sql, networkId: string, ordinal: number): Promise<DeviceConfig> {
  const { name, configOf } = await readDeviceConfigs(sql, networkId)
  if (!configOf) throw noGateway(name)
  return configOf(ordinal)
}

type DeviceConfigs = {
  /** of the network */
  readonly name: string
  /** Null without a gateway: there is nothing to connect to. */
  readonly configOf: ((ordinal: number) => DeviceConfig) | null
}

/** Of all devices of a network, from one look at its rows. */
export async function readDeviceConfigs(sql: Sql, networkId: string): Promise<DeviceConfigs> {
  const read = await readNetworkInput(sql, networkId)
  invariant(read, 'the network of a device is there')
  const { settings } = read.head
  const network = plan(read.input)
  const { hub, hubEndpoint, overlay4, ula } = network
  if (!hub || !hubEndpoint) return { name: settings.name, configOf: null }
  const configOf = (ordinal: number): DeviceConfig => ({
    addresses: [nodeV4(overlay4, ordinal), nodeV6(ula, ordinal)].map((address) => formatPrefix(hostPrefix(address))),
    mtu: settings.mtu,
    dns: [],
    peer: {
      name: hub.name,
      publicKey: hub.publicKey,
      endpoint: formatEndpoint(hubEndpoint),
      allowedIps: [overlay4, overlayV6(ula), ...network.clusterRanges].map(formatPrefix),
      // A phone behind a NAT: without it nobody could reach it.
      keepaliveSeconds: settings.keepaliveSeconds,
    },
  })
  return { name: settings.name, configOf }
}

const noGateway = (name: string) =>
  new Refusal('PRECONDITION_FAILED', `The network ${name} has no gateway that a device could connect to.`, {
    reason: 'gateway-first',
    fix: 'Join a gateway first.',
  })
