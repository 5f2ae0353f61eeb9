/** The settings of a cluster as they come in: shapes here, sense in mesh/cluster. */
import { COMPONENTS } from '@spanwire/mesh/cluster/cluster-settings'
import { z } from 'zod'

const text = z.string().max(300)
const ExtraArguments = z.record(z.string().max(80), z.array(text).max(50))

export const ClusterSettingsInput = z
  .object({
    name: text,
    release: z.union([
      z.object({ kind: z.literal('version'), version: text }),
      z.object({ kind: z.literal('channel'), channel: text }),
    ]),
    podRange4: text,
    podRange6: text.nullable(),
    serviceRange4: text,
    serviceRange6: text.nullable(),
    clusterDns: text.nullable(),
    clusterDomain: text,
    flannelBackend: z.enum(['host-gw', 'vxlan', 'none']),
    flannelExternalIp: z.boolean(),
    flannelIpv6Masq: z.boolean(),
    egressSelectorMode: z.enum(['agent', 'cluster', 'pod', 'disabled']),
    datastore: z.enum(['sqlite', 'etcd', 'external']),
    disable: z.array(z.enum(COMPONENTS)).max(COMPONENTS.length),
    disableCloudController: z.boolean(),
    disableHelmController: z.boolean(),
    disableNetworkPolicy: z.boolean(),
    embeddedRegistry: z.boolean(),
    secretsEncryption: z.enum(['off', 'aescbc', 'secretbox']),
    tlsSans: z.array(text).max(50),
    extraServer: ExtraArguments,
    extraAgent: ExtraArguments,
    registryMirrors: z.array(z.object({ registry: text, endpoints: z.array(text).max(20) })).max(50),
    airGap: z.boolean(),
    installer: z.object({ source: text, sha256: text.nullable() }),
  })
  .meta({ id: 'ClusterSettings' })
export type ClusterSettingsInput = z.infer<typeof ClusterSettingsInput>

/** Of an external datastore: it has a password in it, so it is given apart and never answered again. */
export const DatastoreEndpoint = z.string().max(2000).nullable().optional()
