/**
 * The cluster of a simulated fleet: what its API would list. Kubelets speak to it through the tunnels of the fleet, so a node whose only
 * path is gone turns NotReady here as it does there: 40 s later.
 *
 *   registered ── 4 s ── Ready ── kubelet silent for 40 s ── Unknown ── kubelet heard again ── Ready
 */
import { createHash } from 'node:crypto'
import { caHash } from '@spanwire/mesh/cluster/ca-hash'
import { invariant } from '@spanwire/mesh/invariant'
import { createAuthority, type KeyPair, signRequest } from '../k3s/binary/certificates.ts'
import { seededBytes } from './seeded.ts'

export type Kubelet = {
  /** as Kubernetes calls its node */
  readonly name: string
  readonly address: string
  readonly ordinal: number
  readonly version: string
  readonly isServer: boolean
  /** It runs, and the API hears it. */
  speaks(): boolean
}

type Listed = {
  kubelet: Kubelet
  ready: 'True' | 'False' | 'Unknown'
  reason: string
  /** unix seconds */
  since: number
  heardAt: number
  isUnschedulable: boolean
}

const READY_AFTER = 4
/** node-monitor-grace-period */
const GRACE = 40

export class SimulatedKubernetes {
  readonly #seed: string
  readonly #now: () => number
  readonly #nodes = new Map<string, Listed>()
  /** Names whose password is that of a machine that is no more. */
  readonly #strangers = new Set<string>()
  #authority: Promise<KeyPair> | null = null
  #podRange = '10.42.0.0/16'

  constructor(seed: string, now: () => number) {
    this.#seed = seed
    this.#now = now
  }

  /** As the first server was told. */
  founded(podRange: string): void {
    this.#podRange = podRange
  }

  /** False when the name belongs to another machine, by its password. */
  register(kubelet: Kubelet): boolean {
    if (this.#strangers.has(kubelet.name)) return false
    const now = this.#now()
    const known = this.#nodes.get(kubelet.name)
    if (known) Object.assign(known, { kubelet, heardAt: now })
    else
      this.#nodes.set(kubelet.name, {
        ...{ kubelet, ready: 'False', reason: 'KubeletNotReady', since: now, heardAt: now },
        isUnschedulable: false,
      })
    return true
  }

  /** A machine of this name was here before: its password keeps others out. */
  remember(name: string): void {
    this.#strangers.add(name)
  }

  forgetPassword(name: string): void {
    this.#strangers.delete(name)
  }

  cordon(name: string): void {
    const node = this.#nodes.get(name)
    if (node) node.isUnschedulable = true
  }

  delete(name: string): void {
    this.#nodes.delete(name)
  }

  /** Of the node's place in the network, so that it is the same after another start. */
  podRangeOf(ordinal: number): string {
    const [a = 10, b = 42] = this.#podRange.split('.').map(Number)
    return `${a}.${b + (ordinal >> 8)}.${ordinal & 255}.0/24`
  }

  /** All of them, as NODE_STATUS_TEMPLATE of packages/mesh/src/cluster/node-status.ts prints them, and their leases. */
  list(): string {
    const nodes = this.nodes()
    const leases = nodes.map(({ kubelet, heardAt }) => `lease ${kubelet.name} ${time(heardAt)}`)
    return nodes
      .flatMap(({ kubelet, ready, reason, since, heardAt, isUnschedulable }) => [
        `node ${kubelet.name}`,
        `ready ${ready}`,
        `reason "${reason}"`,
        `since ${time(since)}`,
        `heartbeat ${time(heardAt)}`,
        `internal-ip ${kubelet.address}`,
        `pod-cidr ${this.podRangeOf(kubelet.ordinal)}`,
        `version ${kubelet.version}`,
        ...(kubelet.isServer ? ['role control-plane'] : []),
        ...(isUnschedulable ? ['unschedulable true'] : []),
      ])
      .concat(leases)
      .join('\n')
  }

  nodes(): readonly Listed[] {
    const now = this.#now()
    for (const node of this.#nodes.values()) look(node, now)
    return [...this.#nodes.values()]
  }

  /** The certificate authority, as /cacerts serves it. */
  async authority(): Promise<string> {
    return (await this.#keys()).certificate
  }

  /** In full form: of the cluster for servers, or for one join. */
  async token(join: string | null): Promise<string> {
    const hash = caHash(await this.authority(), (bytes) => createHash('sha256').update(bytes).digest('hex'))
    invariant(hash.ok, 'the authority is one certificate')
    const hex = seededBytes(this.#seed, 'token', join ?? '').toString('hex')
    return `K10${hash.value}::${join === null ? `server:${hex.slice(0, 32)}` : `${hex.slice(0, 6)}.${hex.slice(6, 22)}`}`
  }

  async sign(request: string, seconds: number): Promise<string> {
    return signRequest(await this.#keys(), request, seconds)
  }

  #keys(): Promise<KeyPair> {
    this.#authority ??= createAuthority('k3s-client-ca')
    return this.#authority
  }
}

function look(node: Listed, now: number): void {
  if (node.kubelet.speaks()) {
    node.heardAt = now
    if (node.ready !== 'True' && (node.ready === 'Unknown' || now - node.since >= READY_AFTER))
      Object.assign(node, { ready: 'True', reason: 'KubeletReady', since: now })
  } else if (node.ready !== 'Unknown' && now - node.heardAt > GRACE) {
    Object.assign(node, { ready: 'Unknown', reason: 'NodeStatusUnknown', since: node.heardAt + GRACE })
  }
}

const time = (unix: number): string => `${new Date(unix * 1000).toISOString().slice(0, 19)}Z`
