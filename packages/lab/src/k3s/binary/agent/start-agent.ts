import { setTimeout as sleep } from 'node:timers/promises'
import { type AgentConfig, nodeIpsNow } from '../config/agent-config.ts'
import { extractData } from '../extract-data.ts'
import { flaw } from '../flaws.ts'
import { HttpsClient } from '../https-client.ts'
import { defaultInterface, type Interface, interfaceNamed, isOnAnInterface } from '../interfaces.ts'
import { log } from '../log.ts'
import { notifyReady } from '../notify-ready.ts'
import { paths } from '../paths.ts'
import type { LocalServer } from '../server/start-server.ts'
import { version } from '../version.ts'
import { ApiClient } from './api-client.ts'
import { startFlannel } from './flannel.ts'
import { startHostPorts } from './host-ports.ts'
import { joinUntilGood, validateUntilGood } from './join.ts'
import { startKubeProxy } from './kube-proxy.ts'
import { Kubelet } from './kubelet.ts'
import { LoadBalancer } from './load-balancer.ts'
import { startNetworkPolicy } from './network-policy.ts'
import { prepareKernel } from './prepare-kernel.ts'

/** The node's side, of an agent or of a server (which hands over its own address and token). */
export async function startAgent(
  config: AgentConfig,
  server: LocalServer | { url: string; token: string },
  own = false,
): Promise<void> {
  if (!own) {
    log.info(`Starting k3s agent ${version}`)
    extractData(config.data)
    if (flaw('crash-at-start')) throw new Error('the lab made it crash')
    const slow = flaw('slow-start')
    if (slow) await sleep(Number(slow) * 1000)
  }
  const balancer = own ? undefined : new LoadBalancer(server.url, config.lbPort, paths.balancer(config.data))
  await balancer?.start()
  const url = balancer?.url ?? server.url
  const info = await validateUntilGood(url, server.token)
  const joined = await joinUntilGood(url, info, config)
  const iface = await findInterface(config, joined.network.flannelBackend)
  const nodeIps = nodeIpsNow(config)
  for (const address of nodeIps)
    if (!isOnAnInterface(address))
      throw new Error(`failed to validate nodeIP: node IP: "${address}" not found in the host's network interfaces`)
  prepareKernel()
  const api = new ApiClient(
    new HttpsClient(url, { ca: joined.caCerts, cert: joined.kubelet.certificate, key: joined.kubelet.key }),
  )
  const kubelet = new Kubelet(config, nodeIps, api, joined, own)
  await kubelet.start()
  if (balancer) {
    const follow = async () => {
      const text = await api.client.text('/v1-k3s/apiservers').catch(() => '[]')
      balancer.update(JSON.parse(text))
    }
    await follow()
    setInterval(follow, 5000)
  }
  if (!joined.network.disableKubeProxy) startKubeProxy(api, joined.network)
  if (joined.network.flannelBackend === 'none') kubelet.waitForOtherCni()
  else await startFlannel({ config, iface, api, network: joined.network, onReady: () => kubelet.networkIsReady() })
  startHostPorts(kubelet.pods)
  if (!joined.network.disableNetworkPolicy) startNetworkPolicy(kubelet, joined.network)
  if (own) return
  log.info('k3s agent is up and running')
  notifyReady()
}

/** By name, once every five seconds until it is there (pkg/agent/flannel, k3s#367). */
async function findInterface(config: AgentConfig, backend: string): Promise<Interface> {
  if (backend === 'none' && config.flannelIface === '') return { name: '', index: 0, mtu: 1500, addresses: [] }
  for (;;) {
    const found = config.flannelIface === '' ? defaultInterface() : interfaceNamed(config.flannelIface)
    if (found && found.addresses.length > 0) return found
    log.warn(
      found
        ? `flannel couldn't find network interface: failed to find IPv4 address for interface ${found.name}`
        : `flannel couldn't find network interface: unable to find interface ${config.flannelIface}: route ip+net: no such network interface`,
    )
    await sleep(5000)
  }
}
