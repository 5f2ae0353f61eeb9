/**
 * Registers the node and keeps its status and lease as a kubelet does: the lease every ten seconds, the status when it
 * changes, and else every five minutes. So lastHeartbeatTime is old on a healthy node; the lease is what is young.
 */
import type { AgentConfig } from '../config/agent-config.ts'
import { duration } from '../duration.ts'
import { flaw } from '../flaws.ts'
import { log } from '../log.ts'
import type { Condition } from '../server/kube-object.ts'
import type { ApiClient } from './api-client.ts'
import type { Joined } from './join.ts'
import { serveKubelet } from './kubelet-port.ts'
import { type NodeStatus, nodeAnnotations, nodeStatus, ownLabels } from './node-object.ts'
import { Pods } from './pods.ts'

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
    const periodMs = duration(frequency ?? '10s')
    every(periodMs, () => this.#renewLease())
    every(1000, () => this.#postStatus())
    every(300_000, async () => {
      this.#posted = undefined
    })
    every(500, () => (this.#networkReady ? this.pods.sync() : Promise.resolve()))
  }

  networkIsReady(): void {
    this.#networkReady = true
    this.#postStatus().catch((error: Error) => log.error(error.message))
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
    const annotations = nodeAnnotations(this.#config, this.#nodeIps, this.#isServer)
    const own = ownLabels(this.#config, this.#isServer)
    const found = await this.#api.find(this.#path)
    if (found) {
      // Labels and taints of the configuration count at registration only.
      await this.#api.patch(this.#path, { metadata: { annotations, labels: own } })
    } else {
      await this.#api.create('/api/v1/nodes', {
        metadata: { name: this.#config.nodeName, labels: { ...own, ...labels }, annotations },
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
    // Somebody deleted it: a kubelet registers at its start only.
    if (!node) throw new Error(`Error updating node status, will retry: nodes "${this.#config.nodeName}" not found`)
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

  #status(): NodeStatus {
    return nodeStatus(this.#config, this.#nodeIps, this.#networkReady && !flaw('never-ready'))
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
