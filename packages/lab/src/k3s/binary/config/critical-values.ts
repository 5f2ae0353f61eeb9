import type { Cidr } from '../cidr.ts'
import type { Options } from './options.ts'

/** Values that all servers must share (docs/cli/server.md, "Critical Configuration Values"), as text to compare. */
export function criticalValues(
  options: Options,
  known: {
    agentToken: string
    clusterDns: string
    clusterCidrs: Cidr[]
    serviceCidrs: Cidr[]
    flannelBackend: string
    egress: string
  },
): Record<string, string> {
  const text = (cidrs: Cidr[]) => cidrs.map((cidr) => cidr.text).join()
  return {
    'agent-token': known.agentToken,
    'cluster-cidr': text(known.clusterCidrs),
    'cluster-dns': known.clusterDns,
    'cluster-domain': options.string('cluster-domain', 'cluster.local'),
    'disable-cloud-controller': String(options.bool('disable-cloud-controller')),
    'disable-helm-controller': String(options.bool('disable-helm-controller')),
    'disable-network-policy': String(options.bool('disable-network-policy')),
    'disable=servicelb': String(options.list('disable').includes('servicelb')),
    'egress-selector-mode': known.egress,
    'embedded-registry': String(options.bool('embedded-registry')),
    'flannel-backend': known.flannelBackend,
    'flannel-external-ip': String(options.bool('flannel-external-ip')),
    'flannel-ipv6-masq': String(options.bool('flannel-ipv6-masq')),
    'secrets-encryption': String(options.bool('secrets-encryption')),
    'secrets-encryption-provider': options.string('secrets-encryption-provider', 'aescbc'),
    'service-cidr': text(known.serviceCidrs),
  }
}
