/**
 * A server small enough to lie: it speaks docs/protocol.md out of memory, with the real plan and the real bundles, and each test
 * bends the answers it is about. What nodes send is kept as they sent it and parsed by the real parsers.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { NetworkInput, PlanNode } from '@spanwire/mesh/paths/network-input'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import { plan } from '@spanwire/mesh/paths/plan'
import { bundleDelta } from '@spanwire/mesh/protocol/bundle-delta'
import { type AnswerMessage, parseAnswer } from '@spanwire/mesh/protocol/parse-answer'
import { parseEnrol } from '@spanwire/mesh/protocol/parse-enrol'
import { parseReport, type Report } from '@spanwire/mesh/protocol/parse-report'
import { parseStep, type StepMessage } from '@spanwire/mesh/protocol/parse-step'
import {
  type BundleFile,
  type Extras,
  NO_EXTRAS,
  type PolicyExtras,
  renderBundle,
} from '@spanwire/mesh/protocol/render-bundle'
import type { KeysExtras } from '@spanwire/mesh/protocol/render-keys'
import { tarOf } from './tar-of.ts'

export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

export type FakeAnswer = { status: number; headers?: Record<string, string>; body?: string | Uint8Array; cut?: number }
export type FakeRequest = { method: string; path: string; bearer: string; body: string }
/** What a test makes of a request; undefined leaves it to the server. */
export type Bend = (request: FakeRequest) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>

/** Rules as chains of our table; null lets everything in. */
export type FakeAccess = { confirmed: number; rules: string | null; trial: PolicyExtras['trial'] }

export type FakeNode = PlanNode & { token: string; credentialHash: string | null; machine: string | null }

const SCRIPT = readFileSync(new URL('../spanwire.sh', import.meta.url), 'utf8')
const PART = readFileSync(new URL('../k3s.sh', import.meta.url), 'utf8')
const ACCESS = readFileSync(new URL('../access.sh', import.meta.url), 'utf8')
const KEYS = readFileSync(new URL('../keys.sh', import.meta.url), 'utf8')
const DELTA = readFileSync(new URL('../delta.sh', import.meta.url), 'utf8')
const STATUS = readFileSync(new URL('../status.sh', import.meta.url), 'utf8')
const OURS = { 'Spanwire-Protocol': '1' }
const TOMBSTONE = `swt_${'Q'.repeat(43)}`

export type FakeTls = { key: string; cert: string; pin: string }
/** A socket of the file system to listen on, and the address under which nodes reach it. */
export type FakeOptions = { path: string; address: string; tls?: FakeTls | undefined }

export class FakeServer {
  readonly steps: StepMessage[] = []
  readonly reports: { name: string; report: Report; text: string }[] = []
  readonly requests: FakeRequest[] = []
  readonly answers: AnswerMessage[] = []
  readonly nodes: FakeNode[] = []
  readonly tombstone = TOMBSTONE
  epoch = 1
  revision = 1
  bend: Bend | undefined
  /** Changes what the server would answer, after it did what was asked of it: an answer lost on its way. */
  alter: ((request: FakeRequest, answer: FakeAnswer) => FakeAnswer) | undefined
  /** Changes the files of a bundle before they are packed and their sums are made. */
  edit: ((files: BundleFile[], node: FakeNode) => BundleFile[]) | undefined
  /** What a node is to have of k3s, and what it is asked. */
  extras: ((node: FakeNode) => Omit<Extras, 'part'> | undefined) | undefined
  /** The rules that a node is to have, and those on trial. */
  access: ((node: FakeNode) => FakeAccess | undefined) | undefined
  /** Of the network beside what all tests have: its topology, pairs, ranges of pods. */
  network: Partial<NetworkInput> = {}
  /** The part for paths, for nodes that are to have it. */
  pathsText: string | null = null
  /** Whose keys are rotated, as a node is told. */
  keys: ((node: FakeNode) => Omit<KeysExtras, 'part'> | undefined) | undefined
  /** Gives the part for deltas, and tells who has it what changed. */
  deltas = false
  /** Gives the part for `spanwire status`. */
  tells = false
  /** What each answer with a bundle was. */
  readonly told: ('whole' | 'delta')[] = []
  partText = PART
  accessText = ACCESS
  /** What it makes of the facts that a machine sends to be judged; without it nobody answers there. */
  judge: ((body: string) => string) | undefined
  /** The addresses that bundles carry; by default this server's own. */
  servers: { url: string; pin: string | null }[]
  scriptText: string
  readonly url: string
  readonly pin: string | null
  readonly #server: Server
  /** By node and view. */
  readonly #sent = new Map<string, BundleFile[]>()
  readonly #waiting = new Map<() => void, () => void>()

  private constructor(server: Server, url: string, pin: string | null) {
    this.#server = server
    this.url = url
    this.pin = pin
    this.servers = [{ url, pin }]
    this.scriptText = this.fill(SCRIPT)
  }

  static async start({ path, address, tls }: FakeOptions): Promise<FakeServer> {
    const server: Server = tls ? createTlsServer(tls) : createServer()
    server.keepAliveTimeout = 1000
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
    const fake = new FakeServer(server, `${tls ? 'https' : 'http'}://${address}`, tls?.pin ?? null)
    server.on('request', async (request: IncomingMessage, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const got = {
        method: request.method ?? '',
        path: request.url ?? '',
        bearer: (request.headers.authorization ?? '').replace(/^Bearer /, ''),
        body: Buffer.concat(chunks).toString(),
      }
      fake.requests.push(got)
      const gone = new Promise<void>((resolve) => response.once('close', resolve))
      const given = (await fake.bend?.(got)) ?? (await fake.#answer(got, gone))
      const answer = fake.alter?.(got, given) ?? given
      if (response.destroyed) return
      const body = Buffer.from(answer.body ?? '')
      response.writeHead(answer.status, { ...(answer.headers ?? OURS), 'Content-Length': body.length })
      if (answer.cut === undefined) response.end(body)
      else response.write(body.subarray(0, answer.cut), () => response.destroy())
    })
    return fake
  }

  fill(text: string): string {
    return text
      .replace("\nSERVER_URL=''\n", `\nSERVER_URL='${this.url}'\n`)
      .replace("\nSERVER_PIN=''\n", `\nSERVER_PIN='${this.pin ?? ''}'\n`)
  }

  /** An invited node; its token. */
  invite(name: string, role: 'gateway' | 'member', endpoint: string | null = null): FakeNode {
    const ordinal = this.nodes.length + 1
    const node: FakeNode = {
      id: `018f3c1e-0000-7000-8000-${String(ordinal).padStart(12, '0')}`,
      name,
      role,
      endpoint,
      ordinal,
      state: 'invited',
      publicKey: null,
      credentialHash: null,
      machine: null,
      token: `swj_${sha256(`${name}${this.url}`).slice(0, 43)}`,
    }
    this.nodes.push(node)
    return node
  }

  /** Something changed for everybody: held requests are answered. */
  publish(): void {
    this.revision++
    for (const wake of [...this.#waiting.values()]) wake()
  }

  /** Held requests get nothing, at once. */
  release(): void {
    for (const end of [...this.#waiting.keys()]) end()
  }

  remove(name: string): void {
    this.nodes.splice(
      this.nodes.findIndex((node) => node.name === name),
      1,
    )
    this.publish()
  }

  filesFor(node: FakeNode, tombstone: string | null = null): BundleFile[] {
    const network = plan({
      id: '018f3c1e-0000-7000-8000-000000000abc',
      name: 'home-lab',
      cidr4: '10.77.0.0/16',
      cidr6: 'fd12:3456:789a::/48',
      interfaceName: 'span0',
      listenPort: 51820,
      mtu: 1420,
      keepaliveSeconds: 25,
      nodes: this.nodes,
      ...this.network,
    })
    const view = nodeView(network, node.id)
    if (!view) throw new Error(`${node.name} has not joined`)
    const facts = { script: { version: '0.1.0', sha256: sha256(this.scriptText) }, servers: this.servers }
    const extras = this.extras?.(node)
    const part = { name: 'k3s', version: '0.1.0', sha256: sha256(this.partText) } as const
    const meta = { epoch: this.epoch, revision: this.revision, tombstone }
    const files = renderBundle(view, facts, meta, sha256, {
      ...(extras ? { part, ...extras } : NO_EXTRAS),
      ...this.#accessOf(node),
      delta: this.deltas ? { name: 'delta', version: '0.1.0', sha256: sha256(DELTA) } : null,
      status: this.tells ? { name: 'status', version: '0.1.0', sha256: sha256(STATUS) } : null,
      paths: this.pathsText === null ? null : { name: 'paths', version: '0.1.0', sha256: sha256(this.pathsText) },
      ...this.#keysOf(node),
    })
    return this.edit ? withSums(this.edit(files, node)) : files
  }

  #accessOf(node: FakeNode): Pick<Extras, 'access' | 'policy'> {
    const given = this.access?.(node)
    if (!given) return {}
    const part = { name: 'access', version: '0.1.0', sha256: sha256(this.accessText) } as const
    return { access: given.rules, policy: { part, confirmed: given.confirmed, trial: given.trial } }
  }

  #keysOf(node: FakeNode): Pick<Extras, 'keys'> {
    const given = this.keys?.(node)
    return given ? { keys: { part: { name: 'keys', version: '0.1.0', sha256: sha256(KEYS) }, ...given } } : {}
  }

  viewOf(node: FakeNode): string {
    return /^view (.*)$/m.exec(this.filesFor(node)[0]?.text ?? '')?.[1] ?? ''
  }

  last(name: string): Report | undefined {
    return this.reports.findLast((report) => report.name === name)?.report
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: FakeRequest, gone: Promise<void>): Promise<FakeAnswer> {
    const [path, query] = request.path.split('?')
    if (path === '/join') return { status: 200, headers: OURS, body: this.scriptText }
    if (path === '/node/v1/enrol') return this.#enrol(request)
    const node = this.nodes.find(
      ({ token, credentialHash }) => token === request.bearer || credentialHash === sha256(request.bearer),
    )
    if (!node) return refusal(401, 'unknown', 'this server does not know the credential')
    if (path === '/node/v1/step') {
      const step = parseStep(request.body)
      if (!step.ok) return refusal(400, step.error.kind, step.error.message)
      this.steps.push(step.value)
      return { status: 204 }
    }
    if (path === '/node/v1/part/k3s') return { status: 200, headers: OURS, body: this.partText }
    if (path === '/node/v1/part/paths' && this.pathsText !== null) {
      return { status: 200, headers: OURS, body: this.pathsText }
    }
    if (path === '/node/v1/part/keys') return { status: 200, headers: OURS, body: KEYS }
    if (path === '/node/v1/part/delta') return { status: 200, headers: OURS, body: DELTA }
    if (path === '/node/v1/part/status') return { status: 200, headers: OURS, body: STATUS }
    if (path === '/node/v1/part/access') return { status: 200, headers: OURS, body: this.accessText }
    if (path === '/node/v1/preflight' && this.judge) {
      return { status: 200, headers: OURS, body: this.judge(request.body) }
    }
    if (path === '/node/v1/answer') {
      const answer = parseAnswer(request.body)
      if (!answer.ok) return refusal(400, answer.error.kind, answer.error.message)
      this.answers.push(answer.value)
      return { status: 204 }
    }
    if (path === '/node/v1/script') return { status: 200, headers: OURS, body: this.scriptText }
    if (path === '/node/v1/sync') return this.#sync(request, node, Number(query?.replace('hold=', '')), gone)
    return refusal(404, 'malformed', 'no such door')
  }

  async #enrol(request: FakeRequest): Promise<FakeAnswer> {
    const enrolment = parseEnrol(request.body)
    if (!enrolment.ok) return refusal(400, enrolment.error.kind, enrolment.error.message)
    const { credentialSha256, publicKey, machine } = enrolment.value
    const node = this.nodes.find(({ token }) => token === request.bearer)
    if (!node) return refusal(401, 'unknown', 'no such token')
    if (node.credentialHash && (node.credentialHash !== credentialSha256 || node.publicKey !== publicKey)) {
      return refusal(403, 'token-used', 'another machine used this token')
    }
    Object.assign(node, { credentialHash: credentialSha256, publicKey, machine, state: 'active' })
    const files = this.filesFor(node, TOMBSTONE)
    const body = await this.#bodyOf(node, files, null)
    this.publish()
    return { status: 200, headers: OURS, body }
  }

  async #sync(request: FakeRequest, node: FakeNode, hold: number, gone: Promise<void>): Promise<FakeAnswer> {
    const report = parseReport(request.body)
    if (!report.ok) return refusal(400, report.error.kind, report.error.message)
    this.reports.push({ name: node.name, report: report.value, text: request.body })
    if (report.value.trial) return { status: 204 }
    const deadline = Date.now() + hold * 1000
    for (;;) {
      const files = this.filesFor(node)
      const view = /^view (.*)$/m.exec(files[0]?.text ?? '')?.[1]
      const { confirmed } = report.value
      if (view !== confirmed.view || this.epoch !== confirmed.epoch) {
        const held = report.value.deltas ? confirmed.view : null
        return { status: 200, headers: OURS, body: await this.#bodyOf(node, files, held) }
      }
      const left = deadline - Date.now()
      if (left <= 0) return { status: 204 }
      const closed = await this.#wait(left, gone)
      if (closed) return { status: 204 }
    }
  }

  async #bodyOf(node: FakeNode, files: BundleFile[], held: string | null): Promise<string | Buffer> {
    const before = held === null ? undefined : this.#sent.get(`${node.id} ${held}`)
    const view = /^view (.*)$/m.exec(files[0]?.text ?? '')?.[1]
    this.#sent.set(`${node.id} ${view}`, files)
    const delta = before && bundleDelta(before, files, held ?? '', sha256)
    this.told.push(delta ? 'delta' : 'whole')
    return delta ?? tarOf(files)
  }

  #wait(ms: number, gone: Promise<void>): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (closed: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(over)
        resolve(closed)
      }
      const over = () => end(true)
      const wake = () => end(false)
      const timer = setTimeout(wake, ms)
      this.#waiting.set(over, wake)
      void gone.then(over)
    })
  }
}

/** The fingerprint and the sums are made again, as a server with such a bug would. */
export function withSums(files: readonly BundleFile[]): BundleFile[] {
  const rest = files.filter(({ name }) => name !== 'SHA256SUMS')
  const text = rest
    .map(({ text, name }) => `${name}\0${text.replace(/^(view|revision|tombstone) .*\n/gm, '')}`)
    .join('\0')
  const fixed = rest.map(({ name, text: own }) => ({
    name,
    text: name === 'meta' ? own.replace(/^view .*$/m, `view ${sha256(text)}`) : own,
  }))
  const sums = fixed.map((file) => `${sha256(file.text)}  ${file.name}\n`).join('')
  return [...fixed, { name: 'SHA256SUMS', text: sums }]
}

export function refusal(status: number, code: string, sentence: string, headers = {}): FakeAnswer {
  return {
    status,
    headers: { ...OURS, 'Content-Type': 'text/plain', ...headers },
    body: `error ${code}\n${sentence}\n`,
  }
}
