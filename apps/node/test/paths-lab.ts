import type { Home } from '@spanwire/lab/home'
import type { Host, HostOptions } from '@spanwire/lab/host'
import type { Shell } from '@spanwire/lab/shells'
import { type FakeNode, type FakeServer, sha256 } from './fake-server.ts'
import { Machine } from './machine.ts'
import type { NodeLab } from './node-lab.ts'
import { type PathsNode, pathsBundle, pod, v4 } from './paths-bundle.ts'
import { pathsText } from './script-file.ts'
import { until } from './until.ts'

/**
 * A network with several gateways and direct paths. Bundles are those of the real planner, or written by hand where a test tries what a
 * server would not.
 */
export class PathsLab {
  readonly lab: NodeLab
  readonly server: FakeServer
  readonly machines = new Map<string, Machine>()
  readonly #nodes = new Map<string, FakeNode>()
  /** A test changes these and publishes. */
  readonly slots = new Map<string, PathsNode['slots']>()
  readonly routes = new Map<string, readonly string[]>()
  /** The endpoint that nodes are told for a gateway, when it is another than its own. */
  readonly hosts = new Map<string, string>()
  /** Whether the firewall counts whom a node talks to. */
  talks = false
  readonly pairs = new Map<string, (from: string, to: string) => readonly string[]>()

  private constructor(lab: NodeLab, server: FakeServer, by: 'planner' | 'hand') {
    this.lab = lab
    this.server = server
    server.network = { clusterRanges: ['10.42.0.0/16'] }
    server.tells = true
    if (by === 'planner') {
      server.pathsText = pathsText
      server.deltas = true
      return
    }
    server.bend = ({ path }) =>
      path === '/node/v1/part/paths'
        ? { status: 200, headers: { 'Spanwire-Protocol': '1' }, body: pathsText }
        : undefined
    server.edit = (files, node) => {
      const place = this.#place(node)
      const mine = place ? pathsBundle({ nodes: this.#places(), candidates: this.#candidates }, place) : []
      const kept = files
        .filter(({ name }) => !mine.some((file) => file.name === name))
        .map((file) => (file.name === 'firewall.nft' && this.talks ? { ...file, text: counting(file.text) } : file))
      return [...kept, ...mine].map(({ name, text }) => ({
        name,
        text: name === 'meta' ? `${text}part paths 0.1.0 ${sha256(pathsText)}\n` : text,
      }))
    }
  }

  static async on(lab: NodeLab, by: 'planner' | 'hand'): Promise<PathsLab> {
    return new PathsLab(lab, await lab.server(), by)
  }

  async gateway(name: string, options: HostOptions & { shell?: Shell } = {}): Promise<Machine> {
    return this.#join(await this.lab.machine(name, this.server, options), 'gateway')
  }

  /** A public machine, or one at home. `b` may be nobody. */
  async member(
    name: string,
    slots: [a: string, b?: string],
    at?: Home | Machine,
    options: HostOptions & { shell?: Shell } = {},
  ) {
    this.slots.set(name, { a: slots[0], b: slots[1] ?? null, first: 'a' })
    const { shell = 'dash', ...rest } = options
    const make = async (home: Home) =>
      Machine.create(await home.host(name, { init: 'none', ...rest }), this.server, shell)
    const machine = !at
      ? await this.lab.machine(name, this.server, options)
      : at instanceof Machine
        ? at
        : await make(at)
    return this.#join(machine, 'member')
  }

  async #join(machine: Machine, role: 'gateway' | 'member'): Promise<Machine> {
    const { name } = machine.host
    this.machines.set(name, machine)
    const node = this.server.invite(name, role, role === 'gateway' ? `${machine.host.address}:51820` : null)
    this.#nodes.set(name, node)
    const gateways = this.server.nodes.filter(({ role }) => role === 'gateway')
    Object.assign(node, {
      // Where a gateway has pods, flannel makes the routes to those of others, and there is none here.
      podRanges: role === 'member' ? [`10.42.${node.ordinal}.0/24`] : [],
      gatewayNumber: role === 'gateway' ? gateways.length : null,
    })
    const pasted = await machine.paste(node)
    if (pasted.code !== 0) throw new Error(`the line ended with ${pasted.code}:\n${pasted.stdout}${pasted.stderr}`)
    // As flannel: an address of its own for pods.
    await machine.host.output(`ip addr add ${pod(node.ordinal ?? 0)}/32 dev lo`)
    return machine
  }

  ordinal(name: string): number {
    return this.#nodes.get(name)?.ordinal ?? 0
  }
  address(name: string): string {
    return v4(this.ordinal(name))
  }

  block(name: string, block: string): string {
    const text = this.server.reports.findLast((report) => report.name === name)?.text ?? ''
    return (new RegExp(`^:${block}\\n((?: .*\\n)*)`, 'm').exec(text)?.[1] ?? '').replace(/^ /gm, '')
  }

  directKey(name: string): string | null {
    return /^key (.*)$/m.exec(this.block(name, 'direct'))?.[1] ?? null
  }

  /** Where gateways see the direct interface of a node. */
  observed(name: string): string[] {
    const key = this.directKey(name) ?? '-'
    const seen = [...this.#nodes.values()].flatMap(({ name: gateway, role }) =>
      role === 'gateway' ? this.block(gateway, 'wg span0 endpoints').split('\n') : [],
    )
    return [
      ...new Set(seen.flatMap((line) => (line.startsWith(`${key}\t`) ? [line.split('\t')[1] ?? ''] : []))),
    ].filter((e) => e.includes(':'))
  }

  /** Makes two nodes a direct pair once gateways see both; by what they see, unless candidates are given. */
  async pair(a: string, b: string, candidates?: (from: string, to: string) => readonly string[]): Promise<void> {
    await until(`keys of ${a} and ${b}`, 30_000, () => this.directKey(a) !== null && this.directKey(b) !== null)
    this.pairs.set([a, b].sort().join(), () => [])
    this.server.publish()
    await until(
      `gateways to see ${a} and ${b}`,
      60_000,
      () => {
        this.server.release()
        return this.observed(a).length > 0 && this.observed(b).length > 0
      },
      500,
    )
    this.pairs.set([a, b].sort().join(), candidates ?? ((_, to) => this.observed(to).map((at) => `observed ${at}`)))
    this.server.publish()
  }

  /** What a machine says of its ways; from its own files, so that no server is needed. */
  async way(name: string, to = 'default'): Promise<string> {
    const chosen = await this.host(name).exec(`cat /run/spanwire/ways/chosen`)
    return (
      chosen.stdout
        .split('\n')
        .find((line) => line.startsWith(`${to} `))
        ?.split(' ')[1]
        ?.replace(/:.*/, '') ?? ''
    )
  }

  async goes(name: string, to: string, way: string, timeoutMs: number): Promise<number> {
    const begun = performance.now()
    await until(
      `${name} to reach ${to} by ${way}`,
      timeoutMs,
      async () => (await this.way(name, to)) === way,
      250,
    ).catch(async (error: Error) => {
      const state = await this.host(name).exec(
        'cd /run/spanwire; cat log ways/chosen ways/table paths; ip rule; ip route show table 7700; wg show all endpoints',
      )
      throw new Error(`${error.message}\n${state.stdout}${state.stderr}`)
    })
    return performance.now() - begun
  }

  /** Each peer of the path interfaces of these machines answers. */
  async alive(...names: string[]): Promise<void> {
    for (const name of names) {
      // Of all that have joined, and what is wished for them, the last is confirmed.
      await this.machines.get(name)?.synced(60_000)
      await until(
        `all peers of ${name} to live`,
        40_000,
        async () => {
          const probed = this.server
            .filesFor(this.#nodes.get(name) as FakeNode)
            .flatMap((file) => (/(^|\/)probes$/.test(file.name) ? (file.text.match(/.+/g) ?? []) : []))
          const { stdout } = await this.host(name).exec(
            'cat /run/spanwire/ways/table; grep "^span0 " /run/spanwire/applied/probes | cut -d" " -f2 | grep -f - /run/spanwire/paths',
          )
          const rows = stdout.trim().split('\n')
          return rows.length === probed.length && rows.every((row) => row.split(' ')[2] === 'alive')
        },
        500,
      ).catch(async (error: Error) => {
        const state = await this.host(name).exec(
          'cd /run/spanwire; cat log ways/table paths; ip addr; ip rule; ip route show table all proto 78; wg show all endpoints; ls ways ways/is ways/is/peers; cat ways/do*',
        )
        throw new Error(`${error.message}\n${state.stdout}${state.stderr}`)
      })
    }
  }

  host(name: string): Host {
    const machine = this.machines.get(name)
    if (!machine) throw new Error(`there is no machine ${name}`)
    return machine.host
  }

  readonly #candidates = (from: PathsNode, to: PathsNode) =>
    this.pairs.get([from.name, to.name].sort().join())?.(from.name, to.name) ?? null

  #places(): PathsNode[] {
    return [...this.#nodes.values()].flatMap((node) => this.#place(node) ?? [])
  }

  #place(node: FakeNode): PathsNode | null {
    if (node.publicKey === null) return null
    const gateways = [...this.#nodes.values()].filter(({ role }) => role === 'gateway')
    const direct = [...this.pairs.keys()].some((pair) => pair.split(',').includes(node.name))
    return {
      name: node.name,
      ordinal: node.ordinal ?? 0,
      key: node.publicKey,
      number: node.role === 'gateway' ? gateways.indexOf(node) + 1 : null,
      host: this.hosts.get(node.name) ?? this.host(node.name).publicAddress,
      slots: this.slots.get(node.name) ?? null,
      directKey: direct ? this.directKey(node.name) : null,
      routes: this.routes.get(node.name) ?? [],
    }
  }
}

/** With the set that the server renders in a mesh. */
function counting(rules: string): string {
  const set = `  set talk4 {
    type ipv4_addr
    size 1024
    flags dynamic,timeout
    timeout 10m
  }
  chain talk {
    type filter hook postrouting priority filter; policy accept;
    oifname "span0*" ip daddr 10.77.0.0/16 update @talk4 { ip daddr counter }
  }
`
  return rules.replace(/\}\n$/, `${set}}\n`)
}
