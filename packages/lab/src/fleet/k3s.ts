/**
 * k3s on a simulated node, with the part of the script that looks after it: it installs what its bundle says, restarts when files
 * changed, reports, lists the cluster where it is a server, and does what it is asked.
 *
 *   no files ─ absent      files ─ installing ─ activating ─ registered ─ active      other files ─ activating ─ active
 *                                                    '─ broken: failed, tried again every 5 s
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kubelet, SimulatedKubernetes } from './kubernetes.ts'
import { type Block, renderAnswer, type StepState } from './render-message.ts'

/** What lies around it. */
export type K3sHost = {
  readonly kubernetes: SimulatedKubernetes
  /** what it finds on its machine */
  readonly preflight: string
  /** /proc/uptime of its machine */
  uptime(): number
  /** Milliseconds to another and back through the tunnels; null when they do not carry. */
  wayTo(other: SimulatedK3s): number | null
  /** Something is to be reported at once. */
  changed(): void
  tell(step: string, state: StepState, evidence: string, code?: string): void
  /** False when nobody heard it. */
  answer(message: string): Promise<boolean>
}

export type K3sFailure = { readonly step: string; readonly code: string; readonly text: string }
export type Request = { readonly id: string; readonly kind: string; readonly args: readonly string[] }
/** What comes of requests of a kind instead of success; null: nothing ever does. */
export type RequestTrouble = { readonly code: string; readonly text: string } | null

/** Of a bundle. */
type Told = { readonly isInCluster: boolean; readonly k3s: Files; readonly requests: readonly Request[] }
type Files = ReadonlyMap<string, string>
type Service = 'absent' | 'activating' | 'active' | 'failed'

/** What a channel stands for. */
const NEWEST = 'v1.33.4+k3s1'
const RETRY_MS = 5000
const LOOK_MS = 4000

export class SimulatedK3s implements Kubelet {
  readonly #host: K3sHost
  /** Servers whose API lives. */
  readonly #apis: Set<SimulatedK3s>
  #service: Service = 'absent'
  #files: Files = new Map()
  #applied: string | null = null
  #failure: K3sFailure | null = null
  #isMember = false
  #isOn = true
  #isEnded = false
  /** Whatever was under way before the last turn is over. */
  #turn = 0
  #listed: { text: string; pods: Map<string, { rttMs: number; uptime: number }>; at: number } | null = null
  readonly #asked = new Set<string>()
  readonly #troubles = new Map<string, RequestTrouble>()
  #broken: K3sFailure | null = null
  certificateDays = 320

  constructor(host: K3sHost, apis: Set<SimulatedK3s>) {
    this.#host = host
    this.#apis = apis
  }

  get name(): string {
    return this.#install('name')
  }

  get address(): string {
    return this.#install('node-ip')
  }

  get ordinal(): number {
    const [, , c = 0, d = 0] = this.address.split('.').map(Number)
    return c * 256 + d
  }

  get version(): string {
    return this.#install('version') || NEWEST
  }

  get isServer(): boolean {
    return this.#install('role') === 'server'
  }

  speaks(): boolean {
    return this.#runs() && [...this.#apis].some((api) => api === this || this.#host.wayTo(api) !== null)
  }

  /** A confirmed bundle. */
  take({ isInCluster, k3s: files, requests }: Told): void {
    if (isInCluster !== this.#isMember) this.#host.changed()
    this.#isMember = isInCluster
    for (const request of requests) {
      if (this.#asked.has(request.id)) continue
      this.#asked.add(request.id)
      void this.#do(request, files)
    }
    if (!files.has('k3s/install') || hashOf(files) === hashOf(this.#files)) return
    const isFirst = this.#applied === null
    const isRead = readAtStart(files) !== readAtStart(this.#files)
    this.#files = files
    if (isFirst || isRead) return void this.#start(isFirst)
    this.#applied = hashOf(files)
    this.#host.changed()
  }

  power(isOn: boolean): void {
    this.#isOn = isOn
    this.#turn++
    if (this.#service !== 'absent') this.#becomes(isOn ? 'activating' : 'failed')
    if (isOn && this.#service !== 'absent') void this.#start(false)
  }

  /** It ends, and cannot be started until this is mended with null. With `later` only the next start fails. */
  breaks(failure: K3sFailure | null, { later = false } = {}): void {
    this.#broken = failure
    if (!later && this.#files.size > 0) void this.#start(false)
  }

  /** Requests of a kind end so, until `undefined`. */
  refuses(kind: string, trouble: RequestTrouble | undefined): void {
    if (trouble === undefined) this.#troubles.delete(kind)
    else this.#troubles.set(kind, trouble)
  }

  /** What the part of the script adds to a report. */
  blocks(): Block[] {
    if (!this.#isMember) return []
    const isThere = this.#service !== 'absent'
    const range = this.#host.kubernetes.podRangeOf(this.ordinal)
    const failure = this.#failure
    const lines = [
      `service ${this.#service}`,
      ...(isThere ? [`version ${this.version}`] : []),
      ...(this.#applied ? [`applied ${this.#applied}`] : []),
      ...(this.#service === 'active' && !failure ? [`subnet ${range.replace('.0/', '.1/')}`, 'mtu 1420'] : []),
      ...(failure ? [`failed ${failure.step} ${failure.code} ${failure.text}`] : []),
      ...(this.#listed ? [`nodes-at ${Math.floor(this.#listed.at)}`] : []),
    ]
    const blocks: Block[] = [
      ['preflight', this.#host.preflight],
      ['k3s', lines.join('\n')],
    ]
    if (this.#listed && this.#service === 'active') {
      const pods = [...this.#listed.pods].map(([name, { rttMs, uptime }]) => {
        const kubelet = this.#host.kubernetes.nodes().find((node) => node.kubelet.name === name)?.kubelet
        const address = this.#host.kubernetes.podRangeOf(kubelet?.ordinal ?? 0).replace('.0/24', '.2')
        return `${name} ${address} ${rttMs.toFixed(2)} ${Math.floor(uptime)}`
      })
      const until = new Date(Date.now() + this.certificateDays * 86_400_000).toUTCString().slice(5)
      blocks.push(
        ['k3s-nodes', this.#listed.text],
        ['k3s-pods', pods.join('\n')],
        ['k3s-certificate', `until ${until}`],
      )
    }
    return blocks
  }

  end(): void {
    this.#isEnded = true
    this.#turn++
  }

  #runs(): boolean {
    return this.#isOn && !this.#isEnded && this.#service === 'active' && this.#failure === null
  }

  #install(key: string): string {
    return new RegExp(`^${key} (.*)$`, 'm').exec(this.#files.get('k3s/install') ?? '')?.[1] ?? ''
  }

  /** Until it runs, or something else begins. */
  async #start(isFirst: boolean): Promise<void> {
    const turn = ++this.#turn
    const still = async (ms: number) => {
      await sleep(ms, undefined, { ref: false })
      return turn === this.#turn && !this.#isEnded
    }
    const { kubernetes, tell } = this.#host
    const founds = this.#install('first') === 'yes'
    const apiStep = () => tell('api-reachable', 'done', `${this.#install('server')}/cacerts has the hash of the token`)
    if (isFirst && !founds) apiStep()
    this.#becomes('activating')
    if (isFirst) tell('k3s-installed', 'running', `${this.version}, from ${this.#install('installer')}`)
    for (;;) {
      if (!(await still(isFirst ? 1800 : 1200))) return
      const failure = this.#broken ?? this.#refusal()
      if (!failure) break
      if (failure.step === 'registered') tell('k3s-installed', 'done', `k3s ${this.version} was started`)
      this.#fails(failure)
      if (!(await still(RETRY_MS))) return
    }
    if (founds) kubernetes.founded(podRangeIn(this.#files.get('k3s/config.yaml') ?? ''))
    this.#failure = null
    this.#applied = hashOf(this.#files)
    this.#becomes('active')
    tell('k3s-installed', 'done', `k3s ${this.version} runs`)
    if (founds) tell('api-reachable', 'done', `https://${this.address}:6443/cacerts answers`)
    tell('registered', 'done', `${this.name} has a certificate of the cluster`)
    tell('pod-range', 'done', `flannel gave ${kubernetes.podRangeOf(this.ordinal)}`)
    if (this.isServer) {
      this.#apis.add(this)
      while (await still(this.#listed ? LOOK_MS : 500)) this.#look()
    }
  }

  #refusal(): K3sFailure | null {
    if (this.#host.kubernetes.register(this)) return null
    const text = `Node password rejected, duplicate hostname or contents of /etc/rancher/node/password may not match server node-passwd entry`
    return { step: 'registered', code: 'node-password', text }
  }

  #fails(failure: K3sFailure): void {
    if (this.#failure?.text !== failure.text) this.#host.tell(failure.step, 'failed', failure.text, failure.code)
    this.#failure = failure
    this.#becomes('failed')
  }

  #becomes(service: Service): void {
    const isNews = service !== this.#service
    this.#service = service
    if (service !== 'active') {
      this.#apis.delete(this)
      this.#listed = null
    }
    if (isNews) this.#host.changed()
  }

  /** As a server sees the cluster now; told at once when it is other than before. */
  #look(): void {
    const { kubernetes } = this.#host
    const uptime = this.#host.uptime()
    const pods = new Map(this.#listed?.pods)
    for (const { kubelet, ready } of kubernetes.nodes()) {
      const way = kubelet === this ? 0.1 : this.#host.wayTo(kubelet as SimulatedK3s)
      if (kubelet.speaks() && ready === 'True' && way !== null) pods.set(kubelet.name, { rttMs: way + 0.3, uptime })
    }
    const text = kubernetes.list()
    const before = this.#listed
    this.#listed = { text, pods, at: uptime }
    if (!before || essence(before.text) !== essence(text) || before.pods.size !== pods.size) this.#host.changed()
  }

  async #do({ id, kind, args }: Request, files: Files): Promise<void> {
    const trouble = this.#troubles.get(kind)
    if (trouble === null) return
    await sleep(TAKES_MS[kind] ?? 300, undefined, { ref: false })
    const result = trouble
      ? { state: 'failed' as const, code: trouble.code, evidence: trouble.text, secret: null }
      : { state: 'done' as const, code: null, ...(await this.#done(kind, args, files)) }
    const message = renderAnswer({ request: id, ...result })
    while (!this.#isEnded && !(await this.#host.answer(message))) await sleep(2000, undefined, { ref: false })
  }

  async #done(
    kind: string,
    args: readonly string[],
    files: Files,
  ): Promise<{ evidence: string; secret: string | null }> {
    const { kubernetes } = this.#host
    const [name = '', seconds = ''] = args
    const said = (evidence: string, secret: string | null = null) => ({ evidence, secret })
    switch (kind) {
      case 'k3s-read-server':
        return said(
          'token and certificate read',
          `token ${await kubernetes.token(null)}\n${await kubernetes.authority()}`,
        )
      case 'k3s-mint-token':
        return said(`a token for ${name}, good for ${seconds} s`, await kubernetes.token(name))
      case 'k3s-sign':
        return said(
          `signed, good for ${seconds} s`,
          await kubernetes.sign(files.get(`k3s/csr.${name}`) ?? '', Number(seconds)),
        )
      case 'k3s-cordon':
        kubernetes.cordon(name)
        return said(`node/${name} cordoned`)
      case 'k3s-drain':
        return said(`evicting pod default/web-7d4b9c6f5-x2k8p\nnode/${name} drained`)
      case 'k3s-label':
        return said(`node/${name} labeled`)
      case 'k3s-delete-node':
        kubernetes.delete(name)
        return said(`no node ${name} is left`)
      case 'k3s-forget-password':
        kubernetes.forgetPassword(name)
        return said(`no password of ${name} is left`)
      case 'k3s-uninstall':
        this.#turn++
        this.#files = new Map()
        this.#applied = null
        this.#failure = null
        this.#becomes('absent')
        return said('k3s and its data are off this machine')
      default:
        void this.#start(false)
        return said('k3s is active')
    }
  }
}

const TAKES_MS: Record<string, number> = { 'k3s-drain': 2500, 'k3s-uninstall': 1500 }

/** Of all files but what is to be signed, in the order of their names: what a report calls `applied`. */
function hashOf(files: Files): string {
  const hash = createHash('sha256')
  for (const name of [...files.keys()].sort()) if (!name.startsWith('k3s/csr.')) hash.update(files.get(name) ?? '')
  return hash.digest('hex')
}

/** What k3s reads when it starts: another token or manifest does not end it. */
const readAtStart = (files: Files): string =>
  ['k3s/install', 'k3s/config.yaml', 'k3s/secrets.yaml', 'k3s/registries.yaml', 'k3s/unit.conf']
    .map((name) => files.get(name) ?? '')
    .join()

const podRangeIn = (config: string): string => /^cluster-cidr:[^0-9]*([0-9./]+)/m.exec(config)?.[1] ?? ''

/** What is told at once: all but the times. */
const essence = (text: string): string => text.replace(/^(since|heartbeat|lease) .*$/gm, '')
