import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { Host } from '../host.ts'
import type { JoinWish, World } from './world.ts'

export type TrialAnswer = {
  id: string
  number: number
  state: 'running' | 'confirmed' | 'returned'
  reason: string
  startedAt: string
  endedAt: string | null
  nodes: { name: string; ok: boolean; text: string }[]
}
export type PolicyAnswer = { number: number | null; text: string; trial: TrialAnswer | null }
type ActivityRow = { action: string; after: { number?: number; tried?: number; reason?: string } }

/** A network whose policy a story changes, with what it knows of the network's machines. */
export class PolicyStory {
  readonly world: World
  readonly hosts: Host[] = []
  readonly #ids = new Map<Host, string>()
  readonly #addresses = new Map<Host, string>()

  constructor(world: World) {
    this.world = world
  }

  async join(host: Host, wish: JoinWish = {}): Promise<void> {
    const { id, node } = await this.world.join(host, host.name, wish)
    this.hosts.push(host)
    this.#ids.set(host, id)
    this.#addresses.set(host, node.address4 ?? '')
  }

  /** In the network. */
  addressOf(host: Host): string {
    return this.#addresses.get(host) ?? ''
  }

  policy(): Promise<PolicyAnswer> {
    return this.until(() => true, 0)
  }

  until(is: (policy: PolicyAnswer) => boolean, timeoutMs: number): Promise<PolicyAnswer> {
    return this.world.operator.until<PolicyAnswer>(this.#path, is, timeoutMs)
  }

  /** Puts rules on trial: what stands in the brackets of `acls`. What they cut of a cluster is meant so. */
  save(rules: readonly string[], more: Record<string, unknown> = {}): Promise<TrialAnswer> {
    return this.saveText(`{ "acls": [${rules.join(', ')}] }`, { acceptClusterWarnings: true, ...more })
  }

  saveText(text: string, more: Record<string, unknown> = {}): Promise<TrialAnswer> {
    return this.world.operator.ask('POST', this.#path, { text, ...more })
  }

  /** Until these machines run what is on trial. */
  async tried(hosts: readonly Host[] = this.hosts): Promise<void> {
    const names = hosts.map(({ name }) => name)
    await this.until(
      ({ trial }) =>
        trial?.nodes.filter(({ name, text }) => names.includes(name) && !/^has not said/.test(text)).length ===
        names.length,
      20_000,
    )
  }

  /** Until it has ended, and what the log says of that. */
  async ended(timeoutMs: number): Promise<{ trial: TrialAnswer; number: number | null; logged: ActivityRow }> {
    const { trial, number } = await this.until((policy) => policy.trial?.state !== 'running', timeoutMs)
    const action = trial?.state === 'confirmed' ? 'policy.confirm' : 'policy.return'
    const { rows } = await this.world.operator.ask<{ rows: ActivityRow[] }>('GET', `/activity?action=${action}`)
    const logged = rows.find(({ after }) => after.tried === trial?.number && after.reason === trial?.reason)
    expect(logged, JSON.stringify(rows)).toBeDefined()
    return { trial: trial as TrialAnswer, number, logged: logged as ActivityRow }
  }

  /** What each machine's own table says, without what was counted. */
  async tables(hosts: readonly Host[] = this.hosts): Promise<Record<string, string>> {
    const tables = hosts.map(async (host) => [host.name, await host.output('nft -st list table inet spanwire')])
    return Object.fromEntries(await Promise.all(tables))
  }

  /** Until that is what they say: a machine hears that all return with its next answer. */
  async stands(tables: Record<string, string>): Promise<void> {
    const deadline = Date.now() + 20_000
    const same = async () => isDeepStrictEqual(await this.tables(), tables)
    while (Date.now() < deadline && !(await same())) await sleep(500)
    expect(await this.tables()).toEqual(tables)
  }

  /** What each machine was told last. */
  async views(): Promise<string[]> {
    return Promise.all(
      this.hosts.map((host) => host.output("grep -E '^(revision|view) ' /var/lib/spanwire/confirmed/meta")),
    )
  }

  async healthy(timeoutMs = 90_000): Promise<void> {
    for (const id of this.#ids.values())
      await this.world.untilNode(
        id,
        ({ facts, revision, state }) =>
          state === 'active' &&
          revision.current &&
          facts.reporting.status === 'good' &&
          facts.tunnels.status === 'good' &&
          !['warning', 'bad'].includes(facts.cluster.status),
        timeoutMs,
      )
  }

  get #path(): string {
    return `/networks/${this.world.network}/policy`
  }
}
