/**
 * The part for paths on a simulated machine: further interfaces out of the files `paths/*`, the first way alive for each destination, and
 * what a report says of all that. As the part does, it goes back to a better way when that was well for 30 s.
 */
import { configureLinks, type KeyedLink } from './configure-links.ts'
import { directTries } from './direct-tries.ts'
import { type BundlePeer, readPeers } from './read-bundle.ts'
import type { Block } from './render-message.ts'

export type WayLink = KeyedLink & { readonly endpoint: string; readonly isDirect: boolean }

export type WaysWorld = {
  /** The tunnel to the owner of a key. */
  link(peerKey: string): WayLink | null
  /** What is to stand beside that key of a peer, while the peer's keys are rotated. */
  nextOf(peerKey: string): string | null
  /** Of this machine's own interface for direct paths. */
  directKey(): string
  /** unix seconds, and the same as seconds since the machine booted */
  now(): number
  uptime(at: number): number
  /** Overlay addresses of those whom this machine talks to. */
  talksTo(): readonly string[]
  /** The largest packet that leaves this machine whole. */
  underlay(): number
}

type Face = { readonly name: string; readonly isDirect: boolean; readonly peers: readonly BundlePeer[] }
type Destination = { readonly name: string; readonly ways: readonly string[] }
type Chosen = { way: string; since: number; cause: 'plan' | 'boot' | 'dead' | 'better'; turned: boolean }

const BACK_AFTER = 30
const TALK_PACKETS_A_SECOND = 9
const PACKET_BYTES = 410

export class SimulatedWays {
  readonly #world: WaysWorld
  readonly #port: number
  #files: ReadonlyMap<string, string> = new Map()
  #base: { readonly name: string; readonly peers: readonly BundlePeer[] } | null = null
  #faces: readonly Face[] = []
  #destinations: readonly Destination[] = []
  #chosen = new Map<string, Chosen>()
  #begun: number

  constructor(port: number, world: WaysWorld) {
    this.#port = port
    this.#world = world
    this.#begun = world.now()
  }

  /** Of a bundle that is kept; without files the paths go. */
  take(files: ReadonlyMap<string, string>, base: { name: string; peers: readonly BundlePeer[] } | null): void {
    const before = this.links()
    this.#base = base
    this.#files = files
    this.#faces = rows(files, 'interfaces').map(([name = '', , , key]) => ({
      name,
      isDirect: key === 'direct',
      peers: readPeers(files.get(`paths/peers.${name}`) ?? ''),
    }))
    this.#destinations = rows(files, 'destinations').map(([name = '', , ...ways]) => ({ name, ways }))
    configureLinks(before, this.links())
    const names = new Set(this.#destinations.map(({ name }) => name))
    for (const name of this.#chosen.keys()) if (!names.has(name)) this.#chosen.delete(name)
  }

  /** The machine booted: nothing is known of before. */
  reboot(): void {
    this.#chosen = new Map()
    this.#begun = this.#world.now()
  }

  links(): WayLink[] {
    return [...this.#keys()].flatMap((key) => this.#world.link(key) ?? [])
  }

  /** The keys of all peers of each interface. */
  interfaces(): ReadonlySet<string>[] {
    return this.#faces.map(({ peers }) => new Set(peers.map(({ publicKey }) => publicKey)))
  }

  /** An own peer of the interface for direct paths, or of the second slot, lives. */
  get isOn(): boolean {
    return this.#destinations.length > 0
  }

  blocks(): Block[] {
    if (!this.isOn) return [['ways', '']]
    const now = this.#world.now()
    this.#choose(now)
    const uptime = (at: number | null) => (at === null ? '-' : String(Math.max(0, Math.floor(this.#world.uptime(at)))))
    const called = rows(this.#files, 'endpoints').map(([key]) => key)
    const peers = this.#carrying().flatMap(({ face, peer }) => {
      const link = this.#world.link(peer.publicKey)
      const view = link?.tunnel.view(link.end)
      if (!link || !view) return []
      const endpoint = view.heard === null ? (peer.endpoint ?? '-') : link.endpoint
      const measured = [view.rttMs?.toFixed(3) ?? '-', view.sent, view.lost, uptime(view.handshakeAt)]
      const words = [face, peer.publicKey, view.state, uptime(view.since), uptime(view.heard), ...measured]
      const tries =
        view.state === 'alive'
          ? null
          : directTries(view.since, called.filter((key) => key === peer.publicKey).length, now)
      const tried = tries && `try ${face} ${peer.publicKey} ${uptime(tries.last)} ${uptime(tries.next)}\n`
      return [`peer ${[...words, endpoint, view.rxBytes, view.txBytes].join(' ')}\n${tried ?? ''}`]
    })
    const ways = this.#destinations.flatMap(({ name, ways: [first] }) => {
      const chosen = this.#chosen.get(name)
      if (!chosen || (chosen.way === first && !chosen.turned)) return []
      return [`way ${name} ${chosen.way} ${uptime(chosen.since)} ${chosen.cause}\n`]
    })
    const blocks: Block[] = [['ways', [...peers, ...ways].join('')]]
    const isDirect = this.#faces.some((face) => face.isDirect)
    const own = isDirect ? `key ${this.#world.directKey()}\nport ${this.#port}\n` : ''
    blocks.push(['direct', own + this.#underlay()])
    const talk = this.#talk(now)
    return talk === '' ? blocks : [...blocks, ['talk', talk]]
  }

  /** To those whose endpoint the bundle names: gateways. */
  #underlay(): string {
    const base = (this.#base?.peers ?? []).map((peer) => ({ face: this.#base?.name ?? '', peer }))
    return [...base, ...this.#carrying()]
      .filter(({ peer }) => peer.endpoint !== null)
      .map(({ face, peer }) => `mtu ${face} ${peer.publicKey} ${this.#world.underlay()}\n`)
      .join('')
  }

  #talk(now: number): string {
    // The server says by a set in its table that it wants to know.
    if (!(this.#files.get('firewall') ?? '').includes('talk4')) return ''
    const packets = Math.floor((now - this.#begun) * TALK_PACKETS_A_SECOND)
    return this.#world
      .talksTo()
      .map((address) => `${address} ${packets} ${packets * PACKET_BYTES}\n`)
      .join('')
  }

  #choose(now: number): void {
    const usual = this.#destinations.find(({ name }) => name === 'default')
    for (const destination of [...(usual ? [usual] : []), ...this.#destinations.filter((each) => each !== usual)]) {
      const { name, ways } = destination
      const alive = ways.filter((way) => this.#aliveSince(way) !== null)
      const before = this.#chosen.get(name)
      const best = alive[0] ?? 'unreachable'
      if (!before) {
        this.#chosen.set(name, { way: best, since: now, cause: 'boot', turned: false })
        continue
      }
      const isDead = before.way === 'unreachable' || !alive.includes(before.way)
      if (best === before.way) continue
      const isWell = now - (this.#aliveSince(best) ?? now) >= BACK_AFTER
      if (!isDead && !isWell) continue
      const cause = !ways.includes(before.way) && before.way !== 'unreachable' ? 'plan' : isDead ? 'dead' : 'better'
      this.#chosen.set(name, { way: best, since: now, cause, turned: true })
    }
  }

  /** Null while it is dead. */
  #aliveSince(way: string): number | null {
    if (way === 'default') {
      const chosen = this.#chosen.get('default')
      return chosen && chosen.way !== 'unreachable' ? chosen.since : null
    }
    const [name, key] = way.split(':')
    const peers = name === this.#base?.name ? this.#base?.peers : this.#faces.find((face) => face.name === name)?.peers
    const peer = key === undefined ? peers?.[0] : peers?.find(({ publicKey }) => publicKey === key)
    const link = peer && this.#world.link(peer.publicKey)
    const view = link?.tunnel.view(link.end)
    return view?.state === 'alive' ? view.since : null
  }

  /** Peers that only see, without AllowedIPs, are no tunnels. */
  #carrying(): { readonly face: string; readonly peer: BundlePeer }[] {
    return this.#faces.flatMap(({ name, peers }) =>
      peers.filter(({ allowedIps }) => allowedIps.length > 0).map((peer) => ({ face: name, peer })),
    )
  }

  #keys(): Set<string> {
    const carrying = this.#carrying().map(({ peer }) => peer.publicKey)
    const nexts = carrying.flatMap((key) => this.#world.nextOf(key) ?? [])
    if (nexts.length === 0) return new Set(carrying)
    const there = this.interfaces()
    return new Set([...carrying, ...nexts.filter((key) => there.some((keys) => keys.has(key)))])
  }
}

const rows = (files: ReadonlyMap<string, string>, name: string): string[][] =>
  (files.get(`paths/${name}`) ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '))
