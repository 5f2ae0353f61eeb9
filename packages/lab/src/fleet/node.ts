/**
 * One simulated node: what the script does on a machine, as the server sees it. It enrols, applies in two phases, holds a request
 * open, and breaks it when a tunnel changes. Under it lies a machine, beside it a tunnel, both simulated.
 *
 *   enrol ─ take ─ trial ─ confirmed ─ sync (held) ─ bundle? ─ take …
 *                                       '── woken by a tunnel ── report at once, every 2 s at most
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { configureLinks } from './configure-links.ts'
import type { DoorAnswer } from './door.ts'
import type { Doors, ServerAddress } from './doors.ts'
import { SimulatedK3s } from './k3s.ts'
import type { KeyDisk, KeyKind } from './key-disk.ts'
import { keysOf, type NodeKeys } from './keys.ts'
import type { SimulatedKubernetes } from './kubernetes.ts'
import { SimulatedMachine } from './machine.ts'
import { factsOf, type Inhabitant, machineOf, preflightOf } from './population.ts'
import { type Bundle, readBundle } from './read-bundle.ts'
import { type Applied, NO_BUNDLE, renderEnrol, renderReport, renderStep, type StepState } from './render-message.ts'
import { SimulatedRotation } from './rotation.ts'
import { SimulatedRules } from './rules.ts'
import type { Link } from './truth.ts'
import { SimulatedWays } from './ways.ts'
import { type PeerView, pathsBlock, wgBlocks } from './wg-views.ts'

/** What lies around a node. */
export type World = {
  readonly seed: string
  readonly doors: Doors
  readonly server: ServerAddress
  /** version and hash of the script that the server hands out */
  readonly script: string
  readonly holdSeconds: number
  readonly tellsSteps: boolean
  /** unix seconds */
  now(): number
  /** The tunnel to the owner of a key, and which end of it this node is. */
  link(node: SimulatedNode, peerKey: string): Link | null
  readonly disk: KeyDisk
  /** A node has made a key. */
  made(node: SimulatedNode, kind: KeyKind, publicKey: string): void
  /** It uses other keys from here on. */
  taken(node: SimulatedNode): void
  /** Whoever has that key uses it. */
  isInUse(publicKey: string): boolean
  /** The cluster that its nodes make, and the servers whose API lives. */
  readonly kubernetes: SimulatedKubernetes
  readonly apis: Set<SimulatedK3s>
  /** Milliseconds from one to another and back; null when the tunnels between do not carry. */
  wayBetween(a: SimulatedNode, b: SimulatedK3s): number | null
  /** A laptop or phone, or where somebody's direct interface is, as a gateway sees it; null for a key of nobody's. */
  device(publicKey: string, by: SimulatedNode): DeviceView | null
  /** Overlay addresses of those whom a node talks to. */
  talksTo?(node: SimulatedNode): readonly string[]
  /** A bundle is here, whole and sound. */
  received?(node: SimulatedNode, bundle: Bundle, at: number): void
  /** A configuration is kept. */
  confirmed?(node: SimulatedNode, applied: Applied): void
}

export type DeviceView = {
  readonly endpoint: string
  /** unix seconds */
  readonly handshakeAt: number
  readonly rxBytes: number
  readonly txBytes: number
}

/** The server said no to an enrolment, for a reason that trying again does not change. */
export class EnrolmentRefused extends Error {}

const HOLD_SLACK_MS = 15_000
const TRIAL_MS = 45_000
const REFUSED_MS = 5 * 60_000
/** At most every 2 s a change of a tunnel cuts a held request short. */
const WAKE_MS = 2_000

export class SimulatedNode {
  readonly who: Inhabitant
  readonly rotation: SimulatedRotation
  readonly machine: SimulatedMachine
  readonly k3s: SimulatedK3s
  readonly rules: SimulatedRules
  readonly ways: SimulatedWays
  readonly #world: World
  readonly #born: NodeKeys
  readonly #machineId: string
  #nodeId: string | null = null
  #tombstone: string | null = null
  #servers: readonly ServerAddress[]
  #turn = 0
  #confirmed: Applied = NO_BUNDLE
  #tunnel: Bundle['tunnel'] = null
  #refused: { view: string; until: number } | null = null
  #factsAreKnown = false
  #notes = ''
  #starts = 1
  /** Aborted when the node is to stop what it does: a tunnel turned, the power went, the fleet ends. */
  #interrupt = new AbortController()
  #isHeld = false
  #isOff = false
  #isUnreachable = false
  #isEnded = false
  #hasLeft = false
  #powered: (() => void) | null = null

  constructor(world: World, who: Inhabitant) {
    this.#world = world
    this.who = who
    this.#servers = [world.server]
    this.#born = keysOf(world.seed, who.name)
    this.rotation = new SimulatedRotation({
      ...{ seed: world.seed, name: who.name, disk: world.disk },
      now: world.now,
      made: (kind, publicKey) => world.made(this, kind, publicKey),
      taken: () => world.taken(this),
      shookAt: () => this.#shookAt(),
      interfaces: () => this.#interfaces(),
      isInUse: (peerKey) => world.isInUse(peerKey),
      changed: () => this.wake(),
    })
    this.machine = new SimulatedMachine(world.seed, who, world.now())
    this.#machineId = machineOf(world.seed, who.name)
    this.k3s = new SimulatedK3s(
      {
        kubernetes: world.kubernetes,
        preflight: preflightOf(who),
        uptime: () => this.machine.uptime(world.now()),
        wayTo: (other) => world.wayBetween(this, other),
        changed: () => this.wake(),
        tell: (step, state, evidence, code) => void this.#tell(step, state, evidence, code),
        answer: async (message) => {
          const said = await this.#ask('/node/v1/answer', this.keys.credential, message, 20_000).catch(() => null)
          return said !== null && said.status < 500 && said.status !== 429
        },
      },
      world.apis,
    )
    this.ways = new SimulatedWays(who.publicPort + 1, {
      link: (key) => world.link(this, key),
      nextOf: (key) => this.rotation.nextOf(key),
      directKey: () => this.rotation.publicKey('direct'),
      now: world.now,
      uptime: (at) => this.machine.uptime(at),
      talksTo: () => world.talksTo?.(this) ?? [],
      underlay: () => this.machine.underlay,
    })
    this.rules = new SimulatedRules(`${world.seed} ${who.name}`, world.now, () => this.wake())
  }

  get id(): string | null {
    return this.#nodeId
  }

  /** Its credential stays; the key is the one in use. */
  get keys(): NodeKeys {
    return { ...this.#born, publicKey: this.rotation.publicKey('main') }
  }

  /** On any of its interfaces. */
  hasPeer(publicKey: string): boolean {
    return this.#interfaces().some((keys) => keys.has(publicKey))
  }

  get applied(): Applied {
    return this.#confirmed
  }

  get isOff(): boolean {
    return this.#isOff
  }

  /** In the overlay; null before it has any. */
  get address(): string | null {
    return this.#tunnel?.addresses[0]?.split(' ')[1]?.split('/')[0] ?? null
  }

  /** It was removed, and has taken down what it put up. */
  get hasLeft(): boolean {
    return this.#hasLeft
  }

  /** A request of it is held open by the server, as far as it knows. */
  get isHeld(): boolean {
    return this.#isHeld
  }

  /** The bundle that came with the enrolment is not applied yet: `run` does that. */
  async enrol(token: string): Promise<Bundle> {
    const message = renderEnrol(
      {
        ...{ credentialSha256: this.keys.credentialSha256, publicKey: this.keys.publicKey, instance: this.#instance },
        ...{ machine: this.#machineId, hostname: this.who.name, script: this.#world.script },
        unix: this.machine.unix(this.#world.now()),
      },
      this.#facts(),
      this.#notes,
    )
    for (let failures = 0; ; failures++) {
      const answer = await this.#ask('/node/v1/enrol', token, message, 30_000).catch(() => null)
      if (answer?.status === 200) return readBundle(answer.body)
      const isFinal = answer !== null && answer.status >= 400 && answer.status < 500 && answer.status !== 429
      if (isFinal || this.#isEnded)
        throw new EnrolmentRefused(`${this.who.name} was refused: ${answer?.body.toString().replace('\n', ': ')}`)
      await sleep(backOff(failures, 1_000, 60_000, answer))
    }
  }

  /** The script's run loop, from its first bundle on; ends when the fleet does, or when the node is removed. */
  async run(first: Bundle): Promise<void> {
    if (!this.#isEnded) await this.#take(first)
    await this.#tell('enrolled', 'done', `is ${first.name}`)
    await this.#tell('interface', 'done', first.tunnel?.addresses.join(' ') ?? 'no interface')
    let failures = 0
    while (!this.#isEnded) {
      if (this.#isOff) {
        await new Promise<void>((resolve) => {
          this.#powered = resolve
        })
        failures = 0
        continue
      }
      const begun = performance.now()
      this.#interrupt = new AbortController()
      const hold = this.#refused ? 0 : this.#world.holdSeconds
      this.#isHeld = true
      const answer = await this.#sync(hold).catch(() => null)
      this.#isHeld = false
      const isWoken = this.#interrupt.signal.aborted
      if (answer?.status === 200 || answer?.status === 204) {
        failures = 0
        this.#factsAreKnown = true
        if (answer.status === 200) await this.#receive(answer)
        else if (performance.now() - begun < 1_000) await this.#nap(1_000)
      } else if (isWoken) {
        await this.#nap(WAKE_MS - (performance.now() - begun))
      } else {
        await this.#afterRefusal(answer, failures++)
      }
    }
  }

  /** A tunnel turned. */
  wake(): void {
    if (this.#isHeld) this.#interrupt.abort()
  }

  /** The machine goes off, or boots again. */
  power(isOn: boolean): void {
    if (this.#isOff === !isOn) return
    this.#isOff = !isOn
    this.k3s.power(isOn)
    this.rotation.power(isOn)
    if (isOn) {
      this.machine.reboot(this.#world.now())
      this.rules.reboot()
      this.ways.reboot()
      this.#starts = 1
      this.#factsAreKnown = false
    }
    for (const { tunnel, end } of [...this.#links(), ...this.ways.links()]) tunnel.power(end, isOn)
    if (isOn) this.#powered?.()
    else this.#interrupt.abort()
  }

  /** Its way to the server is cut, or mended; its tunnels are not touched. */
  reach(isReachable: boolean): void {
    this.#isUnreachable = !isReachable
    this.#interrupt.abort()
  }

  /** Findings of its own, as `CODE text`; null is none. */
  note(note: string | null): void {
    this.#notes = note === null ? '' : `${note}\n`
    this.wake()
  }

  /** What it posts to /node/v1/sync. */
  report(trial: Applied | null = null): string {
    const at = this.#world.now()
    const peers = this.#peerViews(at)
    const name = this.#tunnel?.name
    const sum = (read: (peer: PeerView) => number) => peers.reduce((total, peer) => total + read(peer), 0)
    const tunnels =
      name === undefined
        ? []
        : [{ name, rxBytes: sum(({ rxBytes }) => rxBytes), txBytes: sum(({ txBytes }) => txBytes) }]
    return renderReport(
      {
        ...{ instance: this.#instance, confirmed: this.#confirmed, trial, script: this.#world.script },
        uptime: this.machine.uptime(at),
        unix: this.machine.unix(at),
      },
      [
        ...this.machine.blocks(at, tunnels),
        ...(name === undefined ? [] : wgBlocks(name, this.keys.publicKey, this.#listenPort, peers)),
        ...(name === undefined ? [] : [pathsBlock(name, peers)]),
        ...this.k3s.blocks(),
        ...this.rules.blocks(),
        ...this.ways.blocks(),
        ...this.rotation.blocks(),
        ['notes', this.#notes],
        ...(this.#factsAreKnown ? [] : [['facts', this.#facts()] as const]),
      ],
    )
  }

  end(): void {
    this.#isEnded = true
    this.k3s.end()
    this.rotation.end()
    this.rules.end()
    this.#interrupt.abort()
    this.#powered?.()
  }

  async #receive(answer: DoorAnswer): Promise<void> {
    const bundle = await readBundle(answer.body)
    this.#world.received?.(this, bundle, answer.at)
    await this.#take(bundle)
  }

  /** Two-phase: applied, tried, then kept; or taken back. */
  async #take(bundle: Bundle): Promise<void> {
    const { epoch, revision, view } = bundle
    const before = { tunnel: this.#tunnel, id: this.#nodeId }
    if (before.id !== null && bundle.nodeId !== before.id) return
    if (epoch === this.#confirmed.epoch && revision < this.#confirmed.revision) return
    if (this.#refused?.view === view && performance.now() < this.#refused.until) return void (await this.#nap(20_000))
    this.#nodeId = bundle.nodeId
    this.#tombstone = bundle.tombstone ?? this.#tombstone
    this.#apply(bundle.tunnel)
    const until = performance.now() + TRIAL_MS
    while (!this.#isEnded && !this.#isOff && performance.now() < until) {
      const answer = await this.#ask(
        '/node/v1/sync?hold=0',
        this.keys.credential,
        this.report({ epoch, revision, view }),
        10_000,
      ).catch(() => null)
      if (answer?.status === 200 || answer?.status === 204) {
        this.#confirmed = { epoch, revision, view }
        this.#refused = null
        this.#follow(bundle.servers)
        this.#world.confirmed?.(this, this.#confirmed)
        this.k3s.take(bundle)
        this.rules.take(bundle)
        this.rotation.take(bundle.policy.get('policy/keys'))
        this.ways.take(new Map([...bundle.paths, ['firewall', bundle.firewall]]), bundle.tunnel)
        return
      }
      this.#turn++
      await sleep(1_000)
    }
    this.#refused = { view, until: performance.now() + REFUSED_MS }
    this.#apply(before.tunnel)
  }

  #apply(tunnel: Bundle['tunnel']): void {
    const before = [...this.#links()]
    this.#tunnel = tunnel
    configureLinks(before, this.#links())
  }

  /** The server that answers stays in the list, last: it is known to work. */
  #follow(servers: readonly ServerAddress[]): void {
    const answers = this.#current
    const list = servers.some(({ url }) => url === answers.url) ? servers : [...servers, answers]
    if (JSON.stringify(list) === JSON.stringify(this.#servers)) return
    this.#servers = list
    this.#turn = 0
  }

  get #current(): ServerAddress {
    return this.#servers[this.#turn % this.#servers.length] as ServerAddress
  }

  async #sync(hold: number): Promise<DoorAnswer> {
    const { signal } = this.#interrupt
    return this.#ask(
      `/node/v1/sync?hold=${hold}`,
      this.keys.credential,
      this.report(),
      hold * 1000 + HOLD_SLACK_MS,
      signal,
    )
  }

  async #afterRefusal(answer: DoorAnswer | null, failures: number): Promise<void> {
    if (
      answer?.status === 410 &&
      this.#tombstone !== null &&
      answer.headers['spanwire-tombstone'] === this.#tombstone
    ) {
      this.#apply(null)
      this.ways.take(new Map(), null)
      this.rotation.end()
      this.k3s.end()
      this.#isEnded = true
      this.#hasLeft = true
      return
    }
    const isRefusal = answer !== null && [401, 403, 410].includes(answer.status)
    if (!isRefusal) this.#turn++
    await this.#nap(isRefusal ? backOff(failures, 5_000, 900_000, answer) : backOff(failures, 1_000, 60_000, answer))
  }

  async #ask(
    path: string,
    bearer: string,
    message: string,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<DoorAnswer> {
    if (this.#isUnreachable || this.#isOff) throw new Error('no way to the server')
    const door = await this.#world.doors.to(this.#current)
    return door.ask({ path, bearer, message, timeoutMs, signal })
  }

  /** The ledger on the page that made the line; it never holds anything up. */
  async #tell(step: string, state: StepState, evidence: string, code?: string): Promise<void> {
    if (!this.#world.tellsSteps || this.#isEnded) return
    await this.#ask('/node/v1/step', this.keys.credential, renderStep(step, state, evidence, code), 5_000).catch(
      () => null,
    )
  }

  /** Broken off when something happens. */
  async #nap(ms: number): Promise<void> {
    if (ms <= 0 || this.#isEnded) return
    if (this.#interrupt.signal.aborted) this.#interrupt = new AbortController()
    await sleep(ms, undefined, { signal: this.#interrupt.signal }).catch(() => {})
  }

  get #instance(): string {
    return `${this.machine.bootId}.${this.#starts}`
  }

  get #listenPort(): number {
    return this.#tunnel?.port || this.who.publicPort
  }

  #facts(): string {
    return factsOf(this.who, this.#machineId, this.#tunnel?.addresses ?? [])
  }

  *#links(): Iterable<Link> {
    for (const { publicKey } of this.#tunnel?.peers ?? []) {
      const link = this.#world.link(this, publicKey)
      if (link) yield link
    }
  }

  #interfaces(): ReadonlySet<string>[] {
    const base = this.#tunnel ? [new Set(this.#tunnel.peers.map(({ publicKey }) => publicKey))] : []
    return [...base, ...this.ways.interfaces()]
  }

  /** By its main key: over the tunnels that a gateway is an end of. */
  #shookAt(): number | null {
    const times = [...this.#links(), ...this.ways.links()]
      .filter(({ isDirect }) => !isDirect)
      .flatMap(({ tunnel, end }) => tunnel.view(end).handshakeAt ?? [])
    return times.length === 0 ? null : Math.max(...times)
  }

  #peerViews(at: number): PeerView[] {
    const uptime = (when: number | null) => (when === null ? null : Math.floor(Math.max(0, this.machine.uptime(when))))
    return this.rotation.follow(this.#tunnel?.peers ?? []).map(({ publicKey, endpoint, allowedIps }): PeerView => {
      const link = this.#world.link(this, publicKey)
      const view = link?.tunnel.view(link.end)
      const device = link ? null : this.#world.device(publicKey, this)
      if (device) {
        const seen = Math.floor(this.machine.uptime(device.handshakeAt))
        return {
          ...{ publicKey, allowedIps, state: 'unknown', since: seen, heard: null, rttMs: null, sent: 0, lost: 0 },
          ...{ ...device, handshakeSeen: seen, handshakeUnix: this.machine.unix(device.handshakeAt) },
        }
      }
      if (!link || !view) {
        const nothing = {
          heard: null,
          handshakeSeen: null,
          handshakeUnix: 0,
          rttMs: null,
          sent: 0,
          lost: 0,
          rxBytes: 0,
          txBytes: 0,
        }
        return { publicKey, endpoint, allowedIps, state: 'unknown', since: uptime(at) ?? 0, ...nothing }
      }
      const seen = link.endpoint
      const numeric = endpoint !== null && /^[0-9.]+:[0-9]+$|^\[/.test(endpoint) ? endpoint : null
      return {
        ...{ publicKey, allowedIps, state: view.state, since: uptime(view.since) ?? 0, heard: uptime(view.heard) },
        endpoint: numeric ?? (view.handshakeAt === null && endpoint === null ? null : seen),
        handshakeSeen: uptime(view.handshakeAt),
        handshakeUnix: view.handshakeAt === null ? 0 : this.machine.unix(view.handshakeAt),
        ...{ rttMs: view.rttMs, sent: view.sent, lost: view.lost, rxBytes: view.rxBytes, txBytes: view.txBytes },
      }
    })
  }
}

/** Full jitter; never sooner than the server asks for. */
function backOff(failures: number, firstMs: number, maxMs: number, answer: DoorAnswer | null): number {
  const cap = Math.min(maxMs, firstMs * 2 ** failures)
  const asked = Number(answer?.headers['retry-after'] ?? 0) * 1000
  return Math.max(Number.isFinite(asked) ? asked : 0, cap * Math.random())
}
