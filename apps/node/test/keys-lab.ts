import { randomUUID } from 'node:crypto'
import { KEY_PATTERN } from '@spanwire/mesh/wireguard/key'
import type { PathsLab } from './paths-lab.ts'
import { until } from './until.ts'

/** A rotation as the server leads it, a step at a time, so that a test can break off between any two. */
export class Rotation {
  readonly #net: PathsLab
  readonly name: string
  readonly id = randomUUID()
  readonly #old: { main: string; direct: string | null }
  #order: 'make' | 'switch' = 'make'
  #staged: { old: string; next: string }[] = []

  constructor(net: PathsLab, name: string) {
    this.#net = net
    this.name = name
    const node = this.#node()
    this.#old = { main: node.publicKey ?? '', direct: node.directKey ?? null }
    const kinds = this.#old.direct === null ? (['main'] as const) : (['main', 'direct'] as const)
    net.server.keys = (asked) => ({
      own: asked.name === name ? { id: this.id, order: this.#order, kinds } : null,
      staged: asked.name === name ? [] : this.#staged.map((key) => ({ ...key, isDue: this.#order === 'switch' })),
    })
    net.server.publish()
  }

  #node() {
    const node = this.#net.server.nodes.find(({ name }) => name === this.name)
    if (!node) throw new Error(`there is no ${this.name}`)
    return node
  }

  said(name = this.name): string {
    return this.#net.block(name, 'keys')
  }

  async says(pattern: RegExp, name = this.name, timeoutMs = 40_000): Promise<void> {
    await until(`${name} to say ${pattern}`, timeoutMs, () => pattern.test(this.said(name)), 100).catch(
      async (error: Error) => {
        const state = await this.#net
          .host(name)
          .exec(
            'cd /run/spanwire; cat log part/keys keys/*; wg show all latest-handshakes; wg show all allowed-ips; cat /etc/spanwire/rotation',
          )
        throw new Error(`${error.message}\n${state.stdout}${state.stderr}`)
      },
    )
  }

  next(kind: 'main' | 'direct' = 'main'): string {
    const key = new RegExp(`^next ${kind} (.*)$`, 'm').exec(this.said())?.[1] ?? ''
    if (!KEY_PATTERN.test(key)) throw new Error(`no next key of ${this.name}: ${this.said()}`)
    return key
  }

  /** Its peers have the next keys beside the old ones. */
  async stage(...peers: string[]): Promise<void> {
    await this.says(new RegExp(`^rotation ${this.id} made$`, 'm'))
    this.#staged = [{ old: this.#old.main, next: this.next() }]
    if (this.#old.direct) this.#staged.push({ old: this.#old.direct, next: this.next('direct') })
    this.#net.server.publish()
    for (const peer of peers) await this.says(new RegExp(`^staged ${escaped(this.next())}$`, 'm'), peer)
  }

  take(): void {
    this.#order = 'switch'
    this.#net.server.publish()
  }

  /** The next key is the key. A server that was away for minutes is asked again within 61 s. */
  async finish(): Promise<void> {
    await this.says(new RegExp(`^rotation ${this.id} proven$`, 'm'), this.name, 90_000)
    Object.assign(this.#node(), {
      publicKey: this.next(),
      ...(this.#old.direct ? { directKey: this.next('direct') } : {}),
    })
    this.end()
  }

  end(): void {
    this.#net.server.keys = undefined
    this.#net.server.publish()
  }
}

const escaped = (key: string) => key.replace(/[+/]/g, '\\$&')
