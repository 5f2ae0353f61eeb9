import { readFileSync } from 'node:fs'
import { type NatKind, type PortForward, renderRouterRules } from './home-router.ts'
import { Host, type HostOptions, type HostPlace } from './host.ts'
import { HostProcess } from './host-process.ts'
import { type Lan, lan as parseLan } from './ipv4.ts'
import { enterNetwork, NetworkNamespace } from './network-namespace.ts'
import { Outlet } from './outlet.ts'
import { start } from './run.ts'
import { Segment } from './segment.ts'

export type HomeOptions = {
  /** The range behind the router, which is its first address. Homes may have the same. */
  lan?: string
  nat?: NatKind
  /** How long an idle UDP mapping lives (kernel: 120 s once it has seen both directions, 30 s before). */
  udpTimeoutSeconds?: number
}

export type HomePlace = {
  label: string
  internet: Segment
  /** With prefix length. */
  wanAddress: string
  gateway: string
  addHost: (make: (name: string) => Promise<Host>, name: string) => Promise<Host>
  hostPlace: (name: string) => Pick<HostPlace, 'label' | 'directory'>
}

/** A LAN behind a router with one public address. Cutting the home cuts its line to the Internet, not its LAN. */
export class Home extends Outlet {
  readonly name: string
  readonly segment: Segment
  readonly port: string
  readonly lan: Lan
  /** The switch its machines are plugged into. */
  readonly inside: Segment
  readonly router: NetworkNamespace
  readonly #place: HomePlace
  readonly #nat: NatKind
  readonly #forwards: PortForward[] = []
  readonly #delays: HostProcess[] = []
  #wanAddress: string
  #nextHost = 10

  private constructor(name: string, options: HomeOptions, place: HomePlace, lan: Lan, inside: Segment) {
    super()
    this.name = name
    this.segment = place.internet
    this.port = place.internet.newPort()
    this.lan = lan
    this.inside = inside
    this.router = inside.namespace
    this.#place = place
    this.#nat = options.nat ?? 'port-keeping'
    this.#wanAddress = place.wanAddress
  }

  static async create(name: string, options: HomeOptions, place: HomePlace): Promise<Home> {
    const lan = parseLan(options.lan ?? '192.168.1.0/24')
    const router = await NetworkNamespace.create(place.label)
    const inside = await Segment.create(router, 'lan0', [`${lan.at(1)}/${lan.prefixLength}`])
    const home = new Home(name, options, place, lan, inside)
    await router.sh('echo 1 > /proc/sys/net/ipv4/ip_forward')
    const idle = options.udpTimeoutSeconds
    await home.#applyRules()
    await place.internet.plug(home.port, {
      pid: router.pid,
      device: 'wan0',
      address: place.wanAddress,
      gateway: place.gateway,
    })
    if (idle !== undefined) {
      const knob = '/proc/sys/net/netfilter/nf_conntrack_udp_timeout'
      await router.sh(`echo ${idle} > ${knob}; echo ${idle} > ${knob}_stream`)
    }
    return home
  }

  get address(): string {
    return this.#wanAddress.replace(/\/.*/, '')
  }

  get publicAddress(): string {
    return this.address
  }

  /** A machine in this LAN. */
  host(name: string, options: HostOptions = {}): Promise<Host> {
    return this.#place.addHost((unique) => Host.create(unique, options, this.#hostPlace(unique, options)), name)
  }

  /** A machine in this LAN with a copy of another machine's disk: same machine-id, another board unless given. */
  clone(of: Host, name: string, options: HostOptions = {}): Promise<Host> {
    return this.#place.addHost((unique) => Host.copy(of, unique, options, this.#hostPlace(unique, options)), name)
  }

  /** "Port forwarding" in the router's settings: what arrives from outside on a port goes to one machine. */
  async forwardPort(protocol: 'udp' | 'tcp', port: number, to: Host): Promise<void> {
    this.#forwards.push({ protocol, port, address: to.address })
    await this.#applyRules()
  }

  /** Makes the way to one UDP port outside a long one: what begins from now on takes that much more time there and back. */
  async delayUdp(address: string, port: number, roundTripMs: number): Promise<void> {
    const own = 30_000 + this.#delays.length
    const relay = readFileSync(new URL('./udp-delay.mjs', import.meta.url), 'utf8')
    const node = [process.execPath, '--input-type=module', '-e', relay, '--']
    const ends = [own, address, port, roundTripMs / 2].map(String)
    const relaying = new HostProcess(start([...enterNetwork(this.router.pid), ...node, ...ends]))
    this.#delays.push(relaying)
    await relaying.waitFor(/listening/)
    await this.router.nft(`add table ip delay
add chain ip delay here { type nat hook prerouting priority -101; policy accept; }
add rule ip delay here iifname "lan0" ip daddr ${address} udp dport ${port} redirect to :${own}
`)
  }

  /** The provider gives the line another public address; the router forgets all mappings, as masquerade does then. */
  async changeAddress(address: string): Promise<void> {
    const before = this.#wanAddress
    this.#wanAddress = `${address}/${before.replace(/.*\//, '')}`
    await this.router.sh(`ip addr del ${before} dev wan0
ip addr add ${this.#wanAddress} dev wan0
ip route replace default via ${this.#place.gateway}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const delay of this.#delays) {
      delay.endInput()
      await delay.exited
    }
    await this.router[Symbol.asyncDispose]()
  }

  #hostPlace(name: string, options: HostOptions): HostPlace {
    const address = options.address ?? this.lan.at(this.#nextHost++)
    if (!this.lan.has(address)) throw new RangeError(`${address} is not in ${this.name}'s LAN ${this.lan.text}`)
    return {
      ...this.#place.hostPlace(name),
      segment: this.inside,
      address: `${address}/${this.lan.prefixLength}`,
      gateway: this.lan.at(1),
      lan: this.lan.text,
      publicAddress: () => this.address,
    }
  }

  #applyRules(): Promise<string> {
    return this.router.nft(renderRouterRules(this.#nat, this.#forwards))
  }
}
