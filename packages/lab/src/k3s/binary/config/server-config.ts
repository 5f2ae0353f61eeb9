/**
 * What a server makes of its flags, and what it refuses: pkg/cli/server/server.go (run, validateNetworkConfiguration), the
 * Kubernetes API server's own limits on ranges, and pkg/vpn. Each message is the one those print.
 */

import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { type Cidr, nth, parseCidr } from '../cidr.ts'
import { defaultInterface, firstAddress, interfaceNamed } from '../interfaces.ts'
import { paths } from '../paths.ts'
import { type AgentConfig, agentConfig } from './agent-config.ts'
import { checkPortRange, checkRanges } from './check-ranges.ts'
import { criticalValues } from './critical-values.ts'
import type { Options } from './options.ts'
import { readSecretFile } from './read-secret-file.ts'

export type ServerConfig = {
  agent: AgentConfig
  options: Options
  data: string
  token: string
  agentToken: string
  /** Of the cluster to join; empty on the first server. */
  serverUrl: string
  bindAddress: string
  port: number
  nodeIp: string
  advertiseAddress: string
  names: string[]
  clusterCidr: Cidr
  serviceCidr: Cidr
  clusterDns: string
  flannelBackend: string
  datastore: 'sqlite' | 'etcd' | 'external'
  /** Values that all servers must share (docs/cli/server.md, "Critical Configuration Values"). */
  critical: Record<string, string>
}

const BACKENDS = ['none', 'vxlan', 'host-gw', 'wireguard-native']

export async function serverConfig(options: Options): Promise<ServerConfig> {
  if (process.getuid?.() !== 0 && !options.bool('rootless'))
    throw new Error('must run as root unless --disable-agent is specified')
  const serverUrl = options.string('server')
  if (options.string('cluster-reset-restore-path') !== '' && !options.bool('cluster-reset'))
    throw new Error('invalid flag use; --cluster-reset required with --cluster-reset-restore-path')
  if (options.bool('disable-etcd') && serverUrl === '')
    throw new Error('invalid flag use; --server is required with --disable-etcd')
  if (options.bool('cluster-reset') && serverUrl !== '')
    throw new Error(
      'cannot perform cluster-reset while server URL is set - remove server from configuration before resetting',
    )
  const iface = options.string('flannel-iface')
  if (iface !== '' && options.list('node-ip').length === 0) {
    const found = interfaceNamed(iface)
    if (!found) throw new Error(`unable to find interface ${iface}: route ip+net: no such network interface`)
    if (!firstAddress(found)) throw new Error(`can't find ip for interface ${iface}`)
  }
  const agent = agentConfig(options)
  const nodeIp = agent.nodeIps[0] ?? firstAddress(defaultInterface() ?? { name: '', index: 0, mtu: 0, addresses: [] })
  if (nodeIp === undefined) throw new Error('no default routes found in "/proc/net/route" or "/proc/net/ipv6_route"')
  const advertiseAddress = options.string('advertise-address', options.list('node-external-ip')[0] ?? nodeIp)
  const clusterCidrs = ranges(options, 'cluster-cidr', '10.42.0.0/16')
  const serviceCidrs = ranges(options, 'service-cidr', '10.43.0.0/16')
  checkRanges(clusterCidrs, serviceCidrs, agent.nodeIps)
  const [clusterCidr, serviceCidr] = [clusterCidrs[0]!, serviceCidrs[0]!]
  checkPortRange(options.string('service-node-port-range', '30000-32767'))
  const clusterDns = options.list('cluster-dns')[0] ?? nth(serviceCidr, 10)
  if (isIP(clusterDns) === 0) throw new Error(`invalid cluster-dns address ${clusterDns}`)
  const egress = options.string('egress-selector-mode', 'agent')
  if (!['agent', 'cluster', 'pod', 'disabled'].includes(egress))
    throw new Error(`invalid egress-selector-mode ${egress}`)
  const flannelBackend = options.string('flannel-backend', 'vxlan')
  if (!BACKENDS.includes(flannelBackend))
    throw new Error(`Cannot configure unknown flannel backend '${flannelBackend}'`)
  if (isIP(advertiseAddress) === 0) throw new Error(`invalid advertise-address ${advertiseAddress}`)
  const agentToken = await secret(options, 'agent-token')
  return {
    agent,
    options,
    data: options.string('data-dir', paths.data),
    token: await secret(options, 'token'),
    agentToken,
    serverUrl,
    bindAddress: options.string('bind-address', '0.0.0.0'),
    port: options.int('https-listen-port', 6443),
    nodeIp,
    advertiseAddress,
    names: [
      ...['127.0.0.1', '::1', 'localhost', hostname(), agent.nodeName, nodeIp, ...agent.nodeIps, advertiseAddress],
      ...options.list('tls-san'),
      nth(serviceCidr, 1),
      ...['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
      `kubernetes.default.svc.${options.string('cluster-domain', 'cluster.local')}`,
    ].filter((name, index, all) => all.indexOf(name) === index),
    clusterCidr,
    serviceCidr,
    clusterDns,
    flannelBackend,
    datastore: datastoreOf(options),
    critical: criticalValues(options, { agentToken, clusterDns, clusterCidrs, serviceCidrs, flannelBackend, egress }),
  }
}

function datastoreOf(options: Options): ServerConfig['datastore'] {
  const endpoint = options.string('datastore-endpoint')
  if (endpoint !== '' && !endpoint.startsWith('sqlite')) return 'external'
  return options.bool('cluster-init') || options.string('server') !== '' ? 'etcd' : 'sqlite'
}

function ranges(options: Options, name: string, otherwise: string): Cidr[] {
  const given = options.list(name)
  return (given.length === 0 ? [otherwise] : given).map((text) => {
    const parsed = parseCidr(text)
    if (!parsed) throw new Error(`invalid ${name} ${text}: invalid CIDR address: ${text}`)
    return parsed
  })
}

async function secret(options: Options, name: string): Promise<string> {
  const file = options.string(`${name}-file`)
  return file === '' ? options.string(name) : readSecretFile(file)
}
