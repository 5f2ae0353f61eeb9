/**
 * A fleet of simulated nodes that speaks the real node protocol, in one process: one gateway, members at sites, tunnels between them
 * that both ends agree about. Machines are drawn from the seed; what happens to them is up to the caller, or to `play` (incidents.ts).
 */
import { createHash } from 'node:crypto'
import { SimulatedDevices } from './devices.ts'
import { Doors } from './doors.ts'
import { type Strike, strike } from './incidents.ts'
import type { SimulatedK3s } from './k3s.ts'
import { SimulatedKubernetes } from './kubernetes.ts'
import { EnrolmentRefused, SimulatedNode, type World } from './node.ts'
import { type Inhabitant, placeNames, populate } from './population.ts'
import type { Bundle } from './read-bundle.ts'
import { Tunnel } from './tunnel.ts'
import { tunnelWaves } from './tunnel-waves.ts'

export type FleetOptions = {
  readonly url: string
  readonly pin?: string | null
  /** The gateway included. */
  readonly nodes: number
  /** How many, or their names; the gateway stands in the first. */
  readonly sites: number | readonly string[]
  /** Keys and credentials are made of it: for anything but a test let it be random. */
  readonly seed: string
  readonly tokens: {
    /** Of an invitation for a gateway. */
    readonly gateway: string
    /** Of a join key, or of one for each site. */
    readonly members: string | Readonly<Record<string, string>>
  }
  readonly holdSeconds?: number
  readonly tellsSteps?: boolean
  /** How many enrol at the same time. */
  readonly atOnce?: number
  readonly onEnrolled?: (count: number) => void
  /** A node that the server refuses for good is left out; without this the whole start fails. */
  readonly onRefused?: (node: SimulatedNode, reason: string) => void
  readonly received?: World['received']
  readonly confirmed?: World['confirmed']
}

export class Fleet implements AsyncDisposable {
  readonly sites: readonly string[]
  readonly nodes: readonly SimulatedNode[]
  readonly kubernetes: SimulatedKubernetes
  readonly #options: FleetOptions
  readonly #doors = new Doors()
  readonly #tunnels = new Map<string, Tunnel>()
  readonly #byName = new Map<string, SimulatedNode>()
  readonly #byKey = new Map<string, SimulatedNode>()
  readonly #firstBundles = new Map<SimulatedNode, Bundle>()
  readonly #running: Promise<void>[] = []
  readonly #refused = new Set<SimulatedNode>()
  readonly #struck = new Map<string, Strike>()
  readonly #settled = new Map<SimulatedNode, () => void>()

  private constructor(options: FleetOptions, script: string) {
    this.#options = options
    this.sites = typeof options.sites === 'number' ? placeNames(options.sites) : options.sites
    const { url, pin = null, seed, holdSeconds = 20, tellsSteps = true, received, confirmed } = options
    const now = () => Date.now() / 1000
    this.kubernetes = new SimulatedKubernetes(seed, now)
    const devices = new SimulatedDevices(seed, now)
    const owners = new Map<SimulatedK3s, SimulatedNode>()
    const world: World = {
      ...{ seed, doors: this.#doors, server: { url, pin }, script, holdSeconds, tellsSteps, received },
      now,
      link: (node, peerKey) => this.#link(node, peerKey),
      kubernetes: this.kubernetes,
      apis: new Set(),
      wayBetween: (node, other) => this.#way(node, owners.get(other) as SimulatedNode),
      device: (publicKey) => devices.view(publicKey),
      confirmed: (node, applied) => {
        confirmed?.(node, applied)
        this.#settled.get(node)?.()
      },
    }
    this.nodes = populate(options.nodes, this.sites, seed).map((who) => new SimulatedNode(world, who))
    for (const node of this.nodes) {
      this.#byName.set(node.who.name, node)
      this.#byKey.set(node.keys.publicKey, node)
      owners.set(node.k3s, node)
      if (node === this.gateway) continue
      const turned = (end: 'gateway' | 'member') => (end === 'gateway' ? this.gateway : node).wake()
      this.#tunnels.set(node.keys.publicKey, new Tunnel(tunnelWaves(seed, node.who), world.now, turned))
    }
  }

  /** Resolves when every node has enrolled and keeps its first configuration. */
  static async start(options: FleetOptions): Promise<Fleet> {
    const fleet = await Fleet.enrol(options, true)
    await fleet.settled()
    return fleet
  }

  /** Enrols all; without `runs` they say nothing more until `run`. */
  static async enrol(options: FleetOptions, runs = false): Promise<Fleet> {
    const fleet = new Fleet(options, await askScript(options))
    try {
      await fleet.#enrolAll(runs)
    } catch (error) {
      await fleet.stop()
      throw error
    }
    return fleet
  }

  get gateway(): SimulatedNode {
    return this.nodes[0] as SimulatedNode
  }

  nodeOf(name: string): SimulatedNode {
    const node = this.#byName.get(name)
    if (!node) throw new Error(`there is no ${name} in this fleet`)
    return node
  }

  tunnelOf(name: string): Tunnel {
    const tunnel = this.#tunnels.get(this.nodeOf(name).keys.publicKey)
    if (!tunnel) throw new Error(`${name} is the gateway: name the member whose tunnel it is`)
    return tunnel
  }

  membersAt(site: string): SimulatedNode[] {
    return this.nodes.filter(({ who }) => who.site === site && who.role === 'member')
  }

  /** Those that enrolled only begin their work. */
  run(): void {
    for (const [node, bundle] of this.#firstBundles) this.#running.push(node.run(bundle))
    this.#firstBundles.clear()
  }

  /** Every node keeps a configuration. */
  async settled(): Promise<void> {
    const waiting = this.nodes.filter((node) => node.applied.revision === 0 && !this.#refused.has(node))
    await Promise.all(waiting.map((node) => new Promise<void>((resolve) => this.#settled.set(node, resolve))))
  }

  /** Its machine goes off, without a word. */
  kill(name: string): void {
    this.strike(`power of ${name}`, { kind: 'off', node: name })
  }

  /** Whatever was done to it is undone: a machine that was off boots. */
  heal(name: string): void {
    for (const [key, { node, undo }] of this.#struck) {
      if (node !== name) continue
      undo()
      this.#struck.delete(key)
    }
  }

  /** Something goes wrong, until `heal` of its node or `undo` of the same key. */
  strike(key: string, incident: Parameters<typeof strike>[1]): void {
    if (this.#struck.has(key)) return
    this.#struck.set(key, strike(this, incident))
  }

  undo(key: string): void {
    this.#struck.get(key)?.undo()
    this.#struck.delete(key)
  }

  async stop(): Promise<void> {
    for (const node of this.nodes) node.end()
    for (const tunnel of this.#tunnels.values()) tunnel.stop()
    await this.#doors.close()
    await Promise.allSettled(this.#running)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #enrolAll(runs: boolean): Promise<void> {
    const { tokens, atOnce = 16, onEnrolled, onRefused } = this.#options
    let count = 0
    const enrol = async (node: SimulatedNode) => {
      const members = typeof tokens.members === 'string' ? tokens.members : tokens.members[node.who.site]
      const token = node === this.gateway ? tokens.gateway : members
      if (token === undefined) throw new Error(`there is no token for the site ${node.who.site}`)
      const bundle = await node.enrol(token).catch((error: Error) => {
        if (!onRefused || !(error instanceof EnrolmentRefused)) throw error
        this.#refused.add(node)
        onRefused(node, error.message)
        return null
      })
      if (!bundle) return
      onEnrolled?.(++count)
      if (runs) this.#running.push(node.run(bundle))
      else this.#firstBundles.set(node, bundle)
    }
    await enrol(this.gateway)
    const queue = this.nodes.slice(1).values()
    const worker = async () => {
      for (const node of queue) await enrol(node)
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }

  /** Over the gateway, as all members of a fleet reach each other. */
  #way(a: SimulatedNode, b: SimulatedNode): number | null {
    if (a === b) return 0
    let rttMs = 0
    for (const node of [a, b]) {
      if (node === this.gateway) continue
      const tunnel = this.#tunnels.get(node.keys.publicKey)
      const ends = [tunnel?.view('member'), tunnel?.view('gateway')]
      if (ends.some((end) => end?.state !== 'alive')) return null
      rttMs += ends[0]?.rttMs ?? 0
    }
    return rttMs
  }

  #link(node: SimulatedNode, peerKey: string): ReturnType<World['link']> {
    const isGateway = node === this.gateway
    const tunnel = this.#tunnels.get(isGateway ? peerKey : node.keys.publicKey)
    const peer: Inhabitant | undefined = this.#byKey.get(peerKey)?.who
    if (!tunnel || !peer || (!isGateway && peerKey !== this.gateway.keys.publicKey)) return null
    return { tunnel, end: isGateway ? 'gateway' : 'member', peer }
  }
}

/** As a join does: what the server hands out is what runs. */
async function askScript({ url, pin = null }: FleetOptions): Promise<string> {
  const doors = new Doors()
  try {
    const door = await doors.to({ url, pin })
    const { status, body } = await door.ask({ path: '/join', timeoutMs: 30_000 })
    const version = /^VERSION=([0-9A-Za-z.+-]+)$/m.exec(body.toString())?.[1]
    if (status !== 200 || version === undefined) throw new Error(`${url}/join is not the script of a Spanwire server`)
    return `${version} ${createHash('sha256').update(body).digest('hex')}`
  } finally {
    await doors.close()
  }
}
