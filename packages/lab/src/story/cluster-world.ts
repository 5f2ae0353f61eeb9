import type { Host } from '../host.ts'
import type { K3sHost } from '../k3s/k3s-host.ts'
import { K3S_VERSION, K3sReleases } from '../k3s/k3s-releases.ts'
import { Pod } from '../k3s/pod.ts'
import { type JoinWish, World } from './world.ts'

export interface ClusterNodeAnswer {
  nodeId: string
  nodeName: string
  role: 'server' | 'agent'
  status: string
  text: string
  ready: boolean | null
  internalIp: string | null
  addressFits: boolean | null
  podRanges: string[]
  version: string | null
  service: string | null
  failure: { step: string; code: string; text: string; fix: string; offers: string | null } | null
  removal: { step: string; state: string; text: string }[] | null
}

type Settings = Record<string, unknown>

/** The story's world with a cluster on its network and a place that k3s comes from; no console, which nobody looks at. */
export class ClusterWorld implements AsyncDisposable {
  readonly world: World
  readonly releases: K3sReleases

  private constructor(world: World, releases: K3sReleases) {
    this.world = world
    this.releases = releases
  }

  static async create(settings: Settings = {}): Promise<ClusterWorld> {
    const world = await World.create({ SPANWIRE_CONSOLE: 'off' })
    return ClusterWorld.#on(world, await K3sReleases.create(world.lab), settings)
  }

  /** A second network of the same organization, with a cluster of its own. This one is disposed, not that. */
  async beside(network: string, settings: Settings = {}): Promise<ClusterWorld> {
    return ClusterWorld.#on(await this.world.beside(network), this.releases, settings)
  }

  static async #on(world: World, releases: K3sReleases, settings: Settings): Promise<ClusterWorld> {
    await world.operator.makeCluster(world.network, {
      release: { kind: 'version', version: K3S_VERSION },
      installer: { source: releases.installerUrl, sha256: releases.installerSha256 },
      ...settings,
    })
    return new ClusterWorld(world, releases)
  }

  /** The machine knows where k3s is to be had; then the line is pasted, and waited for. */
  async join(host: Host, name: string, wish: JoinWish & Required<Pick<JoinWish, 'cluster'>>) {
    await this.releases.introduce(host)
    return this.world.join(host, name, wish)
  }

  nodes(): Promise<ClusterNodeAnswer[]> {
    return this.untilNodes(() => true, 0)
  }

  async untilNodes(is: (nodes: ClusterNodeAnswer[]) => boolean, timeoutMs: number): Promise<ClusterNodeAnswer[]> {
    const { operator, network } = this.world
    type Answer = { nodes: ClusterNodeAnswer[] }
    return (await operator.until<Answer>(`/networks/${network}/cluster`, ({ nodes }) => is(nodes), timeoutMs)).nodes
  }

  /** Until the server shows of one node what is looked for. */
  async untilNode(nodeId: string, is: (node: ClusterNodeAnswer) => boolean, timeoutMs: number) {
    const nodes = await this.untilNodes((all) => all.some((node) => node.nodeId === nodeId && is(node)), timeoutMs)
    return nodes.find((node) => node.nodeId === nodeId)!
  }

  /** A pod that answers HTTP on a machine of the cluster. */
  async pod(server: K3sHost, host: Host, node = host.name): Promise<Pod> {
    const overrides = JSON.stringify({ spec: { nodeName: node } })
    const name = `web-${node}`
    await server.kubectl('run', name, '--image=web', `--labels=app=web,on=${node}`, `--overrides=${overrides}`)
    return Pod.on(host, name, 30_000)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]()
  }
}
