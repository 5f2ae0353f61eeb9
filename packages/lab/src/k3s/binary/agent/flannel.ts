/**
 * flannel as k3s runs it: the pod range of this node in subnet.env and cni0, a route for that of every other node, the
 * rules of pkg/trafficmngr/iptables. Backends host-gw (pkg/backend/hostgw, route_network.go) and vxlan (pkg/backend/vxlan);
 * wireguard-native is accepted and makes nothing.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nth, parseCidr } from '../cidr.ts'
import type { AgentConfig } from '../config/agent-config.ts'
import { firstAddress, type Interface } from '../interfaces.ts'
import { log } from '../log.ts'
import { paths } from '../paths.ts'
import type { KubeObject } from '../server/kube-object.ts'
import type { ClusterNetwork } from '../server/supervisor-routes.ts'
import type { ApiClient } from './api-client.ts'
import { flannelRules } from './flannel-rules.ts'
import { HostGateway } from './host-gateway.ts'
import { writeSubnet } from './subnet-env.ts'
import { Vxlan } from './vxlan.ts'

export type Flannel = {
  config: AgentConfig
  iface: Interface
  api: ApiClient
  network: ClusterNetwork
  onReady: () => void
}

/** Another node's pod range and the address to reach it by. */
export type Lease = { subnet: string; publicIp: string; backendData: string }

export interface Backend {
  readonly type: string
  readonly mtu: number
  /** For this node's annotation flannel.alpha.coreos.com/backend-data. */
  readonly data: string
  apply(leases: Lease[]): void
}

// Both from flannel: the route check of route_network.go, k3s's resync of rules.
const ROUTE_CHECK_MS = 10_000
const RULES_RESYNC_MS = 60_000

const ANNOTATION = 'flannel.alpha.coreos.com'

export async function startFlannel({ config, iface, api, network, onReady }: Flannel): Promise<void> {
  const path = `/api/v1/nodes/${config.nodeName}`
  const own = firstAddress(iface)
  if (own === undefined) throw new Error(`failed to find IPv4 address for interface ${iface.name}`)
  const publicIp = (network.flannelExternalIp ? config.externalIps[0] : undefined) ?? own
  if (network.flannelBackend === 'host-gw' && publicIp !== own)
    throw new Error(
      "flannel exited: failed to register flannel network: your PublicIP differs from interface IP, meaning that probably you're on a NAT, which is not supported by host-gw backend",
    )
  const podCidr = await untilPodRange(api, path)
  const backend = backendOf(network.flannelBackend, iface, own)
  const cidr = parseCidr(podCidr)
  writeSubnet({
    network: network.clusterCidr,
    subnet: cidr ? `${nth(cidr, 1)}/${cidr.prefixLength}` : podCidr,
    mtu: backend.mtu,
  })
  writeCniConfiguration(config.data, network)
  await api.patch(path, {
    metadata: {
      annotations: {
        [`${ANNOTATION}/backend-data`]: backend.data,
        [`${ANNOTATION}/backend-type`]: backend.type,
        [`${ANNOTATION}/kube-subnet-manager`]: 'true',
        [`${ANNOTATION}/public-ip`]: publicIp,
      },
    },
  })
  const rules = () => guarded(() => flannelRules(network.clusterCidr, podCidr))
  rules()
  setInterval(rules, RULES_RESYNC_MS)
  follow(api, config.nodeName, backend)
  log.info(`The interface ${iface.name} with ipv4 address ${own} will be used by flannel`)
  onReady()
}

async function untilPodRange(api: ApiClient, path: string): Promise<string> {
  for (;;) {
    const node = await api.find(path).catch(() => undefined)
    if (node?.spec?.podCIDR) return node.spec.podCIDR
    log.info('Waiting for PodCIDR on the node')
    await sleep(200)
  }
}

function backendOf(name: string, iface: Interface, publicIp: string): Backend {
  if (name === 'host-gw') return new HostGateway(iface)
  if (name === 'vxlan') return new Vxlan(iface, publicIp)
  return { type: 'extension', mtu: iface.mtu - 80, data: 'null', apply: () => {} }
}

/** New leases at once (flannel watches nodes; this asks each second), known ones checked every ten seconds. */
function follow(api: ApiClient, own: string, backend: Backend): void {
  let applied = ''
  let checkedAt = 0
  setInterval(async () => {
    const nodes = await api.list('/api/v1/nodes').catch(() => undefined)
    if (!nodes) return
    const leases = nodes.filter(({ metadata }) => metadata.name !== own).flatMap((node) => leaseOf(node, backend.type))
    const now = JSON.stringify(leases)
    if (now === applied && Date.now() - checkedAt < ROUTE_CHECK_MS) return
    applied = now
    checkedAt = Date.now()
    guarded(() => backend.apply(leases))
  }, 1000)
}

function leaseOf({ metadata, spec }: KubeObject, type: string): Lease[] {
  const { annotations = {}, name } = metadata
  const theirs = annotations[`${ANNOTATION}/backend-type`]
  const publicIp = annotations[`${ANNOTATION}/public-ip`]
  if (!theirs || !publicIp || !spec?.podCIDR) return []
  if (theirs !== type) {
    log.warn(`Ignoring non-${type} subnet ${spec.podCIDR} of ${name}: type=${theirs}`)
    return []
  }
  return [{ subnet: spec.podCIDR, publicIp, backendData: annotations[`${ANNOTATION}/backend-data`] ?? 'null' }]
}

function writeCniConfiguration(data: string, { clusterCidr, flannelBackend }: ClusterNetwork): void {
  const netConf = paths.agent(data, 'etc/flannel/net-conf.json')
  const conflist = paths.agent(data, 'etc/cni/net.d/10-flannel.conflist')
  const delegate = { hairpinMode: true, forceAddress: true, isDefaultGateway: true }
  const plugins = [
    { type: 'flannel', delegate },
    { type: 'portmap', capabilities: { portMappings: true } },
  ]
  for (const [file, content] of [
    [netConf, { Network: clusterCidr, EnableIPv4: true, EnableIPv6: false, Backend: { Type: flannelBackend } }],
    [conflist, { name: 'cbr0', cniVersion: '1.0.0', plugins }],
  ] as const) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
  }
}

function guarded(work: () => void): void {
  try {
    work()
  } catch (error) {
    log.error(`flannel: ${(error as Error).message}`)
  }
}
