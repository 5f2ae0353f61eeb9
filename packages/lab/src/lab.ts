import { rmSync } from 'node:fs'
import { Home, type HomeOptions } from './home.ts'
import { Host, type HostOptions, type HostPlace } from './host.ts'
import { lan } from './ipv4.ts'
import { type LabDirectory, makeLabDirectory, sweepLeftovers } from './lab-directory.ts'
import { LabUnavailable, requireMachine, requireOwnNetwork } from './lab-unavailable.ts'
import { NetworkNamespace } from './network-namespace.ts'
import { Outlet } from './outlet.ts'
import { run, runOrThrow } from './run.ts'
import { Segment } from './segment.ts'

export type LabOptions = {
  /** The address under which this process's own namespace is plugged into the Internet; false: not at all. */
  controlPlane?: string | false
}

// RFC 5737 documentation ranges: nobody's addresses. The second is reached through the Internet's router, not its switch.
const NEAR = lan('203.0.113.0/24')
const FAR = lan('198.51.100.0/24')
const ROUTER = 254

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
  readonly controlPlane: ControlPlane | undefined
  readonly #directory: LabDirectory
  readonly #hosts = new Map<string, Host>()
  readonly #homes = new Map<string, Home>()
  #nextPublic = 20
  #nextHome = 100

  private constructor(directory: LabDirectory, internet: Segment, controlPlane: ControlPlane | undefined) {
    this.#directory = directory
    this.internet = internet
    this.controlPlane = controlPlane
  }

  static async create(options: LabOptions = {}): Promise<Lab> {
    await requireMachine()
    const own = options.controlPlane ?? NEAR.at(10)
    if (own !== false) await requireFreeAddress(own)
    sweepLeftovers()
    const directory = await makeLabDirectory()
    const namespace = await NetworkNamespace.create(`${directory.name}:internet`)
    const addresses = [NEAR, FAR].map((range) => `${range.at(ROUTER)}/${range.prefixLength}`)
    const internet = await Segment.create(namespace, 'internet', addresses)
    await namespace.sh('echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/conf/all/send_redirects')
    const controlPlane = own === false ? undefined : await ControlPlane.plugIn(internet, own, directory.name)
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

class ControlPlane extends Outlet {
  readonly segment: Segment
  readonly port: string
  readonly address: string
  readonly publicAddress: string

  private constructor(segment: Segment, address: string) {
    super()
    this.segment = segment
    this.port = segment.newPort()
    this.address = address
    this.publicAddress = address
  }

  static async plugIn(segment: Segment, address: string, labName: string): Promise<ControlPlane> {
    const outlet = new ControlPlane(segment, address)
    const range = rangeOf(address)
    const far = range.within === NEAR ? FAR : NEAR
    // The end of the lab's name is its random part; an interface name has at most 15 characters.
    const device = `lab-${labName.slice(-8)}`
    await segment.plug(outlet.port, { pid: process.pid, device, address: range.address })
    await runOrThrow(['ip', 'route', 'add', far.text, 'via', range.gateway, 'dev', device])
    return outlet
  }

  /** Taking the pair's end at the switch takes ours with it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.segment.unplug(this.port)
  }
}

function rangeOf(address: string) {
  const within = [NEAR, FAR].find((range) => range.has(address))
  if (!within) throw new RangeError(`${address} is neither in ${NEAR.text} nor in ${FAR.text}`)
  return { within, address: `${address}/${within.prefixLength}`, gateway: within.at(ROUTER) }
}

async function requireFreeAddress(address: string): Promise<void> {
  requireOwnNetwork()
  const { stdout } = await run(['ip', '-o', 'addr', 'show', 'to', NEAR.text])
  if (stdout === '') return
  throw new LabUnavailable(
    'own-network',
    `another lab is plugged into this namespace already, so ${address} would be ambiguous`,
    'Close it first, start this one through within.ts of its own, or create it with controlPlane: false.',
  )
}
