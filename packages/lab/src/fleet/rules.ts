/**
 * The rules of a simulated node, with the part of the script that looks after them: it tries a version that its bundle has on trial, says
 * so, and goes back by itself when nobody confirms it in time.
 *
 *   no trial ── bundle with one ── 0.8 s ── on ──┬── confirmed: its rules are those of the bundle
 *                                                '── another bundle without it, or its seconds are over: returned
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Block } from './render-message.ts'
import { seeded } from './seeded.ts'

/** A trial ends badly here: it goes back at once, or never says that it runs the rules. */
export type RulesTrouble = 'returns' | 'silent'

export type SimulatedDrop = {
  readonly from: string
  readonly to: string
  readonly protocol: string
  /** Null where it has none. */
  readonly port: number | null
  readonly packets: number
}

type Told = { readonly firewall: string; readonly policy: ReadonlyMap<string, string> }
type Trial = { readonly id: string; readonly number: number; state: 'begun' | 'on' | 'returned' }

/** What `nft -c` and loading take. */
const LOADS_MS = 800

export class SimulatedRules {
  readonly #seed: string
  readonly #changed: () => void
  readonly #now: () => number
  #number: number | null = null
  #trial: Trial | null = null
  #table = ''
  #loadedAt = 0
  #trouble: RulesTrouble | null = null
  #isEnded = false
  readonly #begun = new Set<string>()
  readonly #drops = new Map<string, SimulatedDrop>()

  /** `now` in unix seconds; `changed`: something is to be reported at once. */
  constructor(seed: string, now: () => number, changed: () => void) {
    this.#seed = seed
    this.#now = now
    this.#changed = changed
  }

  /** A bundle that is kept. */
  take({ firewall, policy }: Told): void {
    const state = policy.get('policy/state')
    const confirmed = /^confirmed ([0-9]+)$/m.exec(state ?? '')?.[1]
    if (confirmed === undefined) {
      this.#number = null
      return
    }
    this.#number = Number(confirmed)
    const [, id, number, seconds] = /^trial ([0-9a-f-]{36}) ([0-9]+) ([0-9]+)$/m.exec(state ?? '') ?? []
    if (id !== undefined && id === this.#trial?.id) return
    if (this.#trial?.state === 'on' || this.#trial?.state === 'begun') this.#end()
    if (id === undefined || this.#begun.has(id)) {
      this.#load(firewall)
      return
    }
    this.#begun.add(id)
    void this.#try(
      { id, number: Number(number), state: 'begun' },
      Number(seconds),
      policy.get('policy/trial.nft') ?? '',
    )
  }

  breaks(trouble: RulesTrouble | null): void {
    this.#trouble = trouble
  }

  /** Packets that no rule let in, since the table was loaded. */
  drops(drop: SimulatedDrop): void {
    this.#drops.set(`${drop.from} ${drop.to} ${drop.protocol} ${drop.port}`, drop)
    this.#changed()
  }

  /** What is on trial does not outlive the power. */
  reboot(): void {
    if (this.#trial && this.#trial.state !== 'returned') this.#trial.state = 'returned'
    this.#drops.clear()
  }

  blocks(): Block[] {
    if (this.#number === null) return []
    const trial = this.#trial
    const seconds = Math.max(0, this.#now() - this.#loadedAt)
    const rules = [...this.#table.matchAll(/^\s*counter rule_([0-9]+)\b/gm)].map(([, rule]) => {
      const packets = Math.floor(seconds * this.#rateOf(rule ?? ''))
      return `rule ${rule} ${packets} ${packets * 310}`
    })
    const lines = [
      `number ${this.#number}`,
      ...(trial && trial.state !== 'begun' ? [`trial ${trial.id} ${trial.state}`] : []),
      ...(this.#table === '' ? [] : [`table ${this.#fingerprint()}`]),
      ...rules,
      ...[...this.#drops.values()].map(
        ({ from, to, protocol, port, packets }) => `drop ${from} ${to} ${protocol} ${port ?? '-'} ${packets}`,
      ),
    ]
    return [['policy', lines.join('\n')]]
  }

  end(): void {
    this.#isEnded = true
  }

  async #try(trial: Trial, seconds: number, table: string): Promise<void> {
    this.#trial = trial
    await sleep(LOADS_MS, undefined, { ref: false })
    if (this.#trial !== trial || this.#isEnded || this.#trouble === 'silent') return
    trial.state = this.#trouble === 'returns' ? 'returned' : 'on'
    if (trial.state === 'on') this.#load(table)
    this.#changed()
    await sleep(seconds * 1000, undefined, { ref: false })
    if (this.#trial !== trial || this.#isEnded || trial.state !== 'on') return
    trial.state = 'returned'
    this.#changed()
  }

  /** The bundle has it no more: confirmed when its number is the bundle's, and then there is nothing left to say. */
  #end(): void {
    if (!this.#trial) return
    if (this.#trial.number === this.#number) this.#trial = null
    else this.#trial.state = 'returned'
  }

  /** Counters begin at 0. */
  #load(table: string): void {
    if (table === this.#table) return
    this.#table = table
    this.#loadedAt = this.#now()
    this.#drops.clear()
  }

  /** Another one whenever the table is loaded. */
  #fingerprint(): string {
    return createHash('sha256').update(`${this.#loadedAt} ${this.#table}`).digest('hex')
  }

  /** Packets a second: most rules are used a little, some never. */
  #rateOf(rule: string): number {
    const random = seeded(this.#seed, 'rule', rule)
    return random() < 0.2 ? 0 : 12 * random() ** 3
  }
}
