import { rmSync } from 'node:fs'
import { Home, type HomeOptions } from './home.ts'
import { Host, type HostOptions, type HostPlace } from './host.ts'
import { FAR, NEAR, ROUTER, rangeOf } from './internet-ranges.ts'
import { type LabDirectory, makeLabDirectory, sweepLeftovers } from './lab-directory.ts'
import { requireMachine } from './lab-unavailable.ts'
import { NetworkNamespace } from './network-namespace.ts'
import { OwnNamespace, requireFreeNamespace } from './own-namespace.ts'
import { Segment } from './segment.ts'

export type LabOptions = {
  /** The address under which this process's own namespace is plugged into the Internet; false: not at all. */
  controlPlane?: string | false
}

/**
 * A small Internet with machines on it, made of Linux namespaces. All of it belongs to the process that made it: closing
 * the lab ends it, and so does the end of that process, however it comes.
 *
 *     controlPlane 203.0.113.10     gw-1 203.0.113.20     home router 203.0.113.100 ── LAN ── home-1, nas, …
 *            └──────────────────────────┴─── internet ───────────┘
 */
export class Lab {
  readonly internet: Segment
  /** This process's own namespace as a machine on the Internet. */
  readonly controlPlane: OwnNamespace | undefined
  readonly #directory: LabDirectory
  readonly #hosts = new Map<string, Host>()
  readonly #homes = new Map<string, Home>()
  #nextPublic = 20
  #nextHome = 100

  private constructor(directory: LabDirectory, internet: Segment, controlPlane: OwnNamespace | undefined) {
    this.#directory = directory
    this.internet = internet
    this.controlPlane = controlPlane
  }

  static async create(options: LabOptions = {}): Promise<Lab> {
    await requireMachine()
    const own = options.controlPlane ?? NEAR.at(10)
    if (own !== false) await requireFreeNamespace(own)
    sweepLeftovers()
    const directory = await makeLabDirectory()
    const namespace = await NetworkNamespace.create(`${directory.name}:internet`)
    const addresses = [NEAR, FAR].map((range) => `${range.at(ROUTER)}/${range.prefixLength}`)
    const internet = await Segment.create(namespace, 'internet', addresses)
    await namespace.sh('echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/conf/all/send_redirects')
    const controlPlane = own === false ? undefined : await OwnNamespace.plugIn(internet, own, directory.name)
    return new Lab(directory, internet, controlPlane)
  }

  /** A machine with a public address of its own, in 203.0.113.0/24 or 198.51.100.0/24. */
  publicHost(name: string, options: HostOptions = {}): Promise<Host> {
    return this.#addHost((unique) => Host.create(unique, options, this.#publicPlace(unique, options)), name)
  }

  /** A public machine with a copy of another machine's disk: same machine-id, another board unless given. */
  clone(of: Host, name: string, options: HostOptions = {}): Promise<Host> {
    return this.#addHost((unique) => Host.copy(of, unique, options, this.#publicPlace(unique, options)), name)
  }

  async home(name: string, options: HomeOptions & { address?: string } = {}): Promise<Home> {
    if (this.#homes.has(name)) throw new Error(`there is a home ${name} already`)
    const range = rangeOf(options.address ?? NEAR.at(this.#nextHome++))
    const home = await Home.create(name, options, {
      label: `${this.#directory.name}:${name}`,
      internet: this.internet,
      wanAddress: range.address,
      gateway: range.gateway,
      addHost: (make, host) => this.#addHost(make, host),
      hostPlace: (host) => this.#hostPlace(host),
    })
    this.#homes.set(name, home)
    return home
  }

  host(name: string): Host {
    const host = this.#hosts.get(name)
    if (!host) throw new Error(`the lab has no host ${name}, only ${[...this.#hosts.keys()].join(', ')}`)
    return host
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host[Symbol.asyncDispose]()))
    await Promise.all([...this.#homes.values()].map((home) => home[Symbol.asyncDispose]()))
    await this.controlPlane?.[Symbol.asyncDispose]()
    await this.internet.namespace[Symbol.asyncDispose]()
    rmSync(this.#directory.path, { recursive: true, force: true })
  }

  async #addHost(make: (name: string) => Promise<Host>, name: string): Promise<Host> {
    if (this.#hosts.has(name)) throw new Error(`there is a host ${name} already`)
    const host = await make(name)
    this.#hosts.set(name, host)
    return host
  }

  #publicPlace(name: string, options: HostOptions): HostPlace {
    const { address, gateway } = rangeOf(options.address ?? NEAR.at(this.#nextPublic++))
    const own = address.replace(/\/.*/, '')
    return { ...this.#hostPlace(name), segment: this.internet, address, gateway, publicAddress: () => own }
  }

  #hostPlace(name: string): Pick<HostPlace, 'label' | 'directory'> {
    return { label: `${this.#directory.name}:${name}`, directory: `${this.#directory.path}/${name}` }
  }
}
