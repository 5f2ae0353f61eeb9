import { setTimeout as sleep } from 'node:timers/promises'
import { type PackedCells, type PathCell, unpackCells } from '@spanwire/mesh/paths/packed-cells'
import type { Home } from '../home.ts'
import type { Host, HostOptions } from '../host.ts'
import { type PingResult, pingWhile } from '../ping.ts'
import { type StreamReport, TcpStream } from '../tcp-stream.ts'
import { World } from './world.ts'

type Hop = { fromName: string; toName: string; interfaceName: string; status: string; text: string }
export type PathAnswer = {
  kind: string
  status: string
  text: string
  why: string | null
  there: { kind: string; hops: Hop[] }
  back: { kind: string; hops: Hop[] }
  oneWay: { fromName: string; toName: string; text: string }[]
  endpoints: { kind: string; endpoint: string }[]
  history: { nodeName: string; peerName: string | null; to: string; cause: string; text: string }[]
}
type Matrix = { rows: { name: string; nodes: number }[]; cells: PackedCells; at: string }

/** A network of gateways and members with the real server, asked for what it says of their paths and measured for what is true. */
export class PathsWorld implements AsyncDisposable {
  readonly world: World
  readonly #hosts = new Map<string, Host>()
  readonly #ids = new Map<string, string>()
  readonly #addresses = new Map<string, string>()
  #nextPort = 5201

  private constructor(world: World) {
    this.world = world
  }

  static async create(): Promise<PathsWorld> {
    return PathsWorld.on(await World.create({ SPANWIRE_CONSOLE: 'off' }))
  }

  static on(world: World): PathsWorld {
    return new PathsWorld(world)
  }

  async gateway(name: string, options: HostOptions = {}): Promise<Host> {
    const host = await this.world.lab.publicHost(name, options)
    const { listenPort } = await this.#ask<{ listenPort: number }>('GET', '')
    await this.join(host, name, { role: 'gateway', endpoint: `${host.address}:${listenPort}` })
    return host
  }

  async join(host: Host, name: string, wish: Parameters<World['join']>[2] = {}): Promise<void> {
    const { id, node } = await this.world.join(host, name, wish)
    this.#hosts.set(name, host)
    this.#ids.set(name, id)
    this.#addresses.set(name, node.address4 ?? '')
  }

  /** A machine at home, or a public one. */
  async member(name: string, home?: Home, wish: { siteId?: string } = {}): Promise<Host> {
    const host = await (home ? home.host(name) : this.world.lab.publicHost(name))
    await this.join(host, name, wish)
    return host
  }

  /** A site whose members are to be carried by these gateways, in this order. */
  async site(name: string, gateways: readonly string[]): Promise<string> {
    const { operator, network } = this.world
    const { id } = await operator.ask<{ id: string }>('POST', '/sites', { networkId: network, name })
    const ids = gateways.map((gateway) => this.id(gateway))
    await operator.ask('POST', `/sites/${id}/gateways`, { gateways: ids })
    return id
  }

  async topology(topology: 'hub' | 'sites' | 'mesh'): Promise<void> {
    await this.#ask('POST', '/set-topology', { topology })
  }

  host(name: string): Host {
    return this.#of(this.#hosts, name)
  }
  id(name: string): string {
    return this.#of(this.#ids, name)
  }
  /** In the network. */
  address(name: string): string {
    return this.#of(this.#addresses, name)
  }
  get names(): string[] {
    return [...this.#hosts.keys()]
  }

  /** Until these run what the server plans, and each tunnel of theirs that is to carry was answered. */
  async settled(names: readonly string[] = this.names, timeoutMs = 90_000): Promise<void> {
    for (const name of names) {
      await this.world.untilNode(
        this.id(name),
        ({ facts, revision, state }) =>
          state === 'active' &&
          revision.current &&
          facts.reporting.status === 'good' &&
          facts.tunnels.status === 'good',
        timeoutMs,
      )
      await this.until(`the gateways' tunnels of ${name} to live`, timeoutMs, async () => {
        const { stdout } = await this.host(name).exec("cut -d' ' -f1,3 /run/spanwire/ways/table")
        const tunnels = stdout.split('\n').filter((line) => /^\S+[^d] [a-z]+$/.test(line))
        return tunnels.length > 0 && tunnels.every((line) => line.endsWith(' alive'))
      })
    }
  }

  explain(from: string, to: string): Promise<PathAnswer> {
    return this.#ask('GET', `/paths/${this.id(from)}/${this.id(to)}`)
  }

  untilExplained(from: string, to: string, is: (path: PathAnswer) => boolean, timeoutMs: number): Promise<PathAnswer> {
    const { operator, network } = this.world
    return operator.until(`/networks/${network}/paths/${this.id(from)}/${this.id(to)}`, is, timeoutMs)
  }

  /** What the matrix shows for a pair. */
  async cell(one: string, other: string): Promise<PathCell | undefined> {
    return (await this.matrix())(one, other)
  }

  /** What it shows for any pair at this moment. */
  async matrix(): Promise<(one: string, other: string) => PathCell | undefined> {
    const { rows, cells, at } = await this.#ask<Matrix>('GET', '/paths')
    const pairOf = (one = '', other = '') => [one, other].sort().join()
    const all = unpackCells(cells, rows, Date.parse(at))
    const known = new Map(all.map((cell) => [pairOf(rows[cell.a]?.name, rows[cell.b]?.name), cell]))
    return (one, other) => known.get(pairOf(one, other))
  }

  /** The interface of the way that a machine has chosen, or `default`; from its own files, so that no server is needed. Empty: none. */
  async way(name: string, to = 'default'): Promise<string> {
    const { stdout } = await this.host(name).exec('cat /run/spanwire/ways/chosen')
    const line = stdout.split('\n').find((each) => each.startsWith(`${to} `))
    return line?.split(' ')[1]?.replace(/:.*/, '') ?? ''
  }

  async goes(name: string, to: string, way: string, timeoutMs: number): Promise<void> {
    const what = `${name} to reach ${to} by ${way}`
    await this.until(what, timeoutMs, async () => (await this.way(name, to)) === way).catch(async (error: Error) => {
      const { stdout, stderr } = await this.host(name).exec(
        'cd /run/spanwire; tail -n 40 log; cat ways/chosen ways/table paths ways/is/endpoints; ip route show table 7700; wg show all endpoints',
      )
      throw new Error(`${error.message}\n${stdout}${stderr}`)
    })
  }

  /** With 20 pings a second and a stream from one to the other, what was lost while something happens. */
  async underTraffic(from: string, to: string, during: (stream: TcpStream) => Promise<unknown>): Promise<Traffic> {
    const address = this.address(to)
    await using stream = await TcpStream.open(this.host(from), this.host(to), address, { port: this.#nextPort++ })
    await stream.moved(100_000)
    const pings = await pingWhile(this.host(from), address, async () => {
      await during(stream)
      // It goes on by whatever way there is in the end.
      await stream.moved(200_000, 30_000)
    })
    return { pings, missing: missing(pings), stream: await stream.close() }
  }

  /** Many looks a second would take the processor from the machines that are looked at. */
  async until(what: string, timeoutMs: number, is: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while (!(await is())) {
      if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`)
      await sleep(250)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]()
  }

  #ask<T>(method: string, path: string, body?: Record<string, unknown>): Promise<T> {
    return this.world.operator.ask<T>(method, `/networks/${this.world.network}${path}`, body)
  }

  #of<T>(known: ReadonlyMap<string, T>, name: string): T {
    const found = known.get(name)
    if (found === undefined) throw new Error(`nobody called ${name} has joined, only ${this.names.join(', ')}`)
    return found
  }
}

export type Traffic = {
  pings: PingResult
  /** The numbers of the pings without an answer. */
  missing: number[]
  stream: StreamReport
}

function missing({ sent, text }: PingResult): number[] {
  const answered = new Set([...text.matchAll(/ icmp_seq=(\d+) ttl=/g)].map(([, seq]) => Number(seq)))
  return Array.from({ length: sent }, (_, i) => i + 1).filter((seq) => !answered.has(seq))
}
