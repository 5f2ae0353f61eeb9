/**
 * A fleet of simulated nodes that speaks the real node protocol, in one process: gateways, members at sites, tunnels between them
 * that both ends agree about. Machines are drawn from the seed; what happens to them is up to the caller, or to `play` (incidents.ts).
 */
import { createHash } from 'node:crypto'
import { SimulatedDevices } from './devices.ts'
import { Doors } from './doors.ts'
import { type Strike, strike } from './incidents.ts'
import type { SimulatedK3s } from './k3s.ts'
import { KeyDisk } from './key-disk.ts'
import { SimulatedKubernetes } from './kubernetes.ts'
import { EnrolmentRefused, SimulatedNode, type World } from './node.ts'
import { placeNames, populate } from './population.ts'
import type { Bundle } from './read-bundle.ts'
import { pick, seeded } from './seeded.ts'
import { Truth } from './truth.ts'
import type { End, Tunnel } from './tunnel.ts'

export type FleetOptions = {
  readonly url: string
  readonly pin?: string | null
  /** The gateway included. */
  readonly nodes: number
  /** How many, or their names; the gateway stands in the first. */
  readonly sites: number | readonly string[]
  /** How many of the nodes are gateways. */
  readonly gateways?: number
  /** Keys and credentials are made of it: for anything but a test let it be random. */
  readonly seed: string
  readonly tokens: {
    /** Of an invitation for a gateway. */
    readonly gateway: string
    /** Of invitations for further ones. */
    readonly gateways?: readonly string[]
    /** Of a join key, or of one for each site. */
    readonly members: string | Readonly<Record<string, string>>
  }
  /** A file for what its machines know of their keys, when they are to outlive it. */
  readonly disk?: string | null
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
  readonly #truth: Truth
  readonly #byName = new Map<string, SimulatedNode>()
  readonly #firstBundles = new Map<SimulatedNode, Bundle>()
  readonly #running: Promise<void>[] = []
  readonly #refused = new Set<SimulatedNode>()
  readonly #struck = new Map<string, Strike>()
  readonly #settled = new Map<SimulatedNode, () => void>()

  private constructor(options: FleetOptions, script: string) {
    this.#options = options
    this.sites = typeof options.sites === 'number' ? placeNames(options.sites) : options.sites
    const { url, pin = null, seed, disk = null, holdSeconds = 20, tellsSteps = true, received, confirmed } = options
    const now = () => Date.now() / 1000
    this.kubernetes = new SimulatedKubernetes(seed, now)
    const devices = new SimulatedDevices(seed, now)
    const owners = new Map<SimulatedK3s, SimulatedNode>()
    const world: World = {
      ...{ seed, doors: this.#doors, server: { url, pin }, script, holdSeconds, tellsSteps, received },
      now,
      link: (node, peerKey) => this.#truth.link(node, peerKey),
      disk: new KeyDisk(disk),
      made: (node, kind, publicKey) => this.#truth.made(node, kind, publicKey),
      taken: (node) => this.#truth.taken(node),
      isInUse: (publicKey) => this.#truth.isInUse(publicKey),
      kubernetes: this.kubernetes,
      apis: new Set(),
      wayBetween: (node, other) => this.#way(node, owners.get(other) as SimulatedNode),
      device: (publicKey, by) => this.#truth.seen(publicKey, by) ?? devices.view(publicKey, by.rotation.takenAt),
      talksTo: (node) => this.#partnersOf(node),
      confirmed: (node, applied) => {
        confirmed?.(node, applied)
        this.#settled.get(node)?.()
      },
    }
    this.nodes = populate(options.nodes, this.sites, seed, options.gateways).map((who) => new SimulatedNode(world, who))
    this.#truth = new Truth(seed, now, this.nodes)
    for (const node of this.nodes) {
      this.#byName.set(node.who.name, node)
      owners.set(node.k3s, node)
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

  /** To the first gateway. */
  tunnelOf(name: string): Tunnel {
    const node = this.nodeOf(name)
    if (node === this.gateway) throw new Error(`${name} is the gateway: name the member whose tunnel it is`)
    return this.#truth.between(this.gateway, node)
  }

  /** Between two, and which of its ends the second is. */
  tunnelTo(name: string, peer: string): { readonly tunnel: Tunnel; readonly end: End } {
    return this.#truth.towards(this.nodeOf(name), this.nodeOf(peer))
  }

  /** All that it has had. */
  tunnelsOf(name: string): Tunnel[] {
    return [
      ...new Set([
        ...(this.nodeOf(name) === this.gateway ? [] : [this.tunnelOf(name)]),
        ...this.#truth.of(this.nodeOf(name)),
      ]),
    ]
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
    this.#truth.stop()
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
      const place = this.nodes.indexOf(node)
      const token = node.who.role === 'gateway' ? (tokens.gateways?.[place - 1] ?? tokens.gateway) : members
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
    const gateways = this.nodes.filter(({ who }) => who.role === 'gateway')
    for (const gateway of gateways) await enrol(gateway)
    const queue = this.nodes.slice(gateways.length).values()
    const worker = async () => {
      for (const node of queue) await enrol(node)
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }

  /** Over a gateway that both have, or directly: the quickest that lives. */
  #way(a: SimulatedNode, b: SimulatedNode): number | null {
    if (a === b) return 0
    const gateways = this.nodes.filter(({ who }) => who.role === 'gateway')
    const ways = gateways.flatMap((gateway) => sum(this.#between(a, gateway), this.#between(gateway, b)))
    return ways.length === 0 ? null : Math.min(...ways)
  }

  /** Of one tunnel; null when it does not live at both ends. */
  #between(a: SimulatedNode, b: SimulatedNode): number | null {
    if (a === b) return 0
    const tunnel = this.#truth.between(a, b)
    const ends = [tunnel.view('member'), tunnel.view('gateway')]
    return ends.every(({ state }) => state === 'alive') ? (ends[0]?.rttMs ?? 0) : null
  }

  /** Two others of its fleet, the same for the same seed. */
  #partnersOf(node: SimulatedNode): string[] {
    const random = seeded(this.#options.seed, 'talks', node.who.name)
    const others = this.nodes.filter((other) => other !== node && other.who.role === 'member')
    if (others.length === 0) return []
    return [...new Set([pick(others, random), pick(others, random)])].flatMap(({ address }) => address ?? [])
  }
}

const sum = (a: number | null, b: number | null): number[] => (a === null || b === null ? [] : [a + b])

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
