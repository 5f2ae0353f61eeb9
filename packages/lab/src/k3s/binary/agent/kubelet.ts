/**
 * Registers the node and keeps its status and lease as a kubelet does: the lease every ten seconds, the status when it
 * changes, and else every five minutes. So lastHeartbeatTime is old on a healthy node; the lease is what is young.
 */
import { readFileSync } from 'node:fs'
import { arch, cpus, hostname, release, totalmem } from 'node:os'
import type { AgentConfig } from '../config/agent-config.ts'
import { flaw } from '../flaws.ts'
import { log } from '../log.ts'
import { type Condition, type KubeObject, kubeTime } from '../server/kube-object.ts'
import { version } from '../version.ts'
import type { ApiClient } from './api-client.ts'
import type { Joined } from './join.ts'
import { serveKubelet } from './kubelet-port.ts'
import { Pods } from './pods.ts'

const CNI_MISSING =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'

export class Kubelet {
  readonly pods: Pods
  readonly #config: AgentConfig
  readonly #nodeIps: string[]
  readonly #api: ApiClient
  readonly #joined: Joined
  readonly #isServer: boolean
  #networkReady = false
  #posted: string | undefined

  constructor(config: AgentConfig, nodeIps: string[], api: ApiClient, joined: Joined, isServer: boolean) {
    this.#config = config
    this.#nodeIps = nodeIps
    this.#api = api
    this.#joined = joined
    this.#isServer = isServer
    this.pods = new Pods(config, nodeIps[0] ?? '', api)
  }

  get nodeIp(): string {
    return this.#nodeIps[0] ?? ''
  }

  async start(): Promise<void> {
    await serveKubelet(this.#joined, this.pods)
    await this.#register()
    const frequency = this.#config.options.component('kubelet-arg', 'node-status-update-frequency')
    const periodMs = Number.parseFloat(frequency ?? '10') * 1000
    every(periodMs, () => this.#renewLease())
    every(1000, () => this.#postStatus())
    every(300_000, async () => {
      this.#posted = undefined
    })
    every(1000, () => (this.#networkReady ? this.pods.sync() : Promise.resolve()))
  }

  networkIsReady(): void {
    this.#networkReady = true
  }

  /** Another CNI's configuration makes the network ready, as containerd sees it. */
  waitForOtherCni(): void {
    every(1000, async () => {
      this.#networkReady = this.pods.hasCniConfiguration()
    })
  }

  get #path(): string {
    return `/api/v1/nodes/${this.#config.nodeName}`
  }

  async #register(): Promise<void> {
    const { labels, taints } = this.#config
    const annotations = this.#annotations()
    const found = await this.#api.find(this.#path)
    if (found) {
      // Labels and taints of the configuration count at registration only.
      await this.#api.patch(this.#path, { metadata: { annotations, labels: this.#ownLabels() } })
    } else {
      await this.#api.create('/api/v1/nodes', {
        metadata: { name: this.#config.nodeName, labels: { ...this.#ownLabels(), ...labels }, annotations },
        spec: { providerID: `k3s://${this.#config.nodeName}`, taints },
        status: this.#status(),
      })
    }
    log.info(`Successfully registered node ${this.#config.nodeName}`)
    await this.#renewLease()
  }

  async #renewLease(): Promise<void> {
    const path = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
    const name = this.#config.nodeName
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: new Date().toISOString() }
    if (await this.#api.find(`${path}/${name}`)) await this.#api.patch(`${path}/${name}`, { spec })
    else await this.#api.create(path, { metadata: { name }, spec })
  }

  async #postStatus(): Promise<void> {
    const status = this.#status()
    const now = JSON.stringify({ ready: status.conditions.at(-1)?.status, addresses: status.addresses })
    const node = await this.#api.find(this.#path)
    // Somebody deleted it: a running kubelet registers again.
    if (!node) return this.#register()
    const known: Condition[] = node.status?.conditions ?? []
    const readyNow = known.find(({ type }) => type === 'Ready')
    if (now === this.#posted && readyNow?.status === status.conditions.at(-1)?.status) return
    for (const condition of status.conditions) {
      const before = known.find(({ type }) => type === condition.type)
      if (before && before.status === condition.status) condition.lastTransitionTime = before.lastTransitionTime
    }
    await this.#api.patch(`${this.#path}/status`, { status })
    this.#posted = now
  }

  #status(): { conditions: Condition[]; addresses: { type: string; address: string }[] } & KubeObject['status'] {
    const at = kubeTime()
    const fine = (type: string, reason: string, message: string): Condition => ({
      ...{ type, status: 'False' as const, reason, message },
      ...{ lastHeartbeatTime: at, lastTransitionTime: at },
    })
    const ready = this.#networkReady && !flaw('never-ready')
    const memory = `${Math.floor(totalmem() / 1024)}Ki`
    const capacity = { cpu: String(cpus().length), memory, pods: '110' }
    return {
      capacity,
      allocatable: capacity,
      addresses: [
        ...this.#nodeIps.map((address) => ({ type: 'InternalIP', address })),
        ...this.#config.externalIps.map((address) => ({ type: 'ExternalIP', address })),
        { type: 'Hostname', address: this.#config.nodeName },
      ],
      conditions: [
        fine('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        fine('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        fine('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        {
          ...fine('Ready', ready ? 'KubeletReady' : 'KubeletNotReady', ''),
          status: ready ? 'True' : 'False',
          message: ready ? 'kubelet is posting ready status' : CNI_MISSING,
        },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: read('/etc/machine-id'),
        bootID: read('/proc/sys/kernel/random/boot_id'),
        kernelVersion: release(),
        osImage: 'Debian GNU/Linux',
        containerRuntimeVersion: 'containerd://2.1.4-k3s1',
        kubeletVersion: version,
        kubeProxyVersion: version,
        operatingSystem: 'linux',
        architecture: arch() === 'x64' ? 'amd64' : arch(),
      },
    }
  }

  #ownLabels(): Record<string, string> {
    const architecture = arch() === 'x64' ? 'amd64' : arch()
    const common = {
      'kubernetes.io/arch': architecture,
      'kubernetes.io/hostname': this.#config.nodeName,
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': 'k3s',
    }
    if (!this.#isServer) return common
    const etcd = this.#config.options.bool('cluster-init') || this.#config.options.string('server') !== ''
    return {
      ...common,
      'node-role.kubernetes.io/control-plane': 'true',
      ...(etcd ? { 'node-role.kubernetes.io/etcd': 'true' } : {}),
    }
  }

  #annotations(): Record<string, string> {
    const internal = this.#nodeIps.join(',')
    return {
      'alpha.kubernetes.io/provided-node-ip': internal,
      'k3s.io/hostname': hostname(),
      'k3s.io/internal-ip': internal,
      ...(this.#config.externalIps.length > 0 ? { 'k3s.io/external-ip': this.#config.externalIps.join(',') } : {}),
      'k3s.io/node-args': JSON.stringify([this.#isServer ? 'server' : 'agent', ...this.#config.options.args()]),
    }
  }
}

/** Again and again, each time after the last has ended; an error is logged and left behind. */
function every(periodMs: number, work: () => Promise<unknown>): void {
  const again = async () => {
    await work().catch((error: Error) => log.error(`kubelet: ${error.message}`))
    setTimeout(again, periodMs)
  }
  setTimeout(again, 0)
}

function read(path: string): string {
  return readFileSync(path, 'utf8').trim()
}
