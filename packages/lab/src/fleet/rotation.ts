/**
 * The part for keys on a simulated machine, which does what apps/node/keys.sh does (docs/keys.md): it takes next keys when it is told to,
 * and has those of its peers beside their old ones. By which key a tunnel lives is known to `Truth`; both keys of a peer name one.
 *
 *   rotate ID make ── 1 s ── made ── rotate ID switch ── 3 s ── keys taken, its tunnels shake hands anew ──┬── somebody did: proven
 *                              '── no order any more: thrown away                                          '── nobody in 30 s: returned
 */
import type { KeyDisk, KeyKind, KeyNames, KeyState } from './key-disk.ts'
import { keysOf } from './keys.ts'
import type { BundlePeer } from './read-bundle.ts'
import type { Block } from './render-message.ts'

export type RotationWorld = {
  readonly seed: string
  readonly name: string
  readonly disk: KeyDisk
  /** unix seconds */
  now(): number
  /** A key of this machine's own is there. */
  made(kind: KeyKind, publicKey: string): void
  /** It uses other keys from here on. */
  taken(): void
  /** When it last shook hands by its main key, with anybody. */
  shookAt(): number | null
  /** The keys of its peers, for each interface. */
  interfaces(): readonly ReadonlySet<string>[]
  /** Whether a peer has that key in use, as its handshakes show. */
  isInUse(peerKey: string): boolean
  /** Something is to be reported at once. */
  changed(): void
}

type Order = { readonly id: string; readonly word: string; readonly kinds: readonly KeyKind[] }

/** The script looks every second while it has an order. */
const LOOK_MS = 1_000
/** Its peers are told at the same moment. */
const SWITCH_AFTER = 3
const GIVES_UP_AFTER = 30
const KINDS = ['main', 'direct'] as const

export class SimulatedRotation {
  readonly #world: RotationWorld
  readonly #public = new Map<string, string>()
  #state: KeyState
  #order: Order | null = null
  /** Next keys of peers by their old ones. */
  #pairs: ReadonlyMap<string, string> = new Map()
  #isWanted = false
  #toldAt: number | null = null
  /** Since when a handshake proves the keys in use, and until when one has to come; whom nobody heard before, nobody can lose. */
  #trial: { since: number; until: number; wasHeard: boolean } | null = null
  #bootedAt: number
  #timer: NodeJS.Timeout | null = null
  #runs = true

  constructor(world: RotationWorld) {
    this.#world = world
    this.#state = world.disk.read(world.name)
    this.#bootedAt = world.now()
  }

  /** In use. */
  publicKey(kind: KeyKind): string {
    return this.#publicOf(kind, this.#state.inUse[kind])
  }

  /** Since when it has other keys than at its beginning, unix seconds. */
  get takenAt(): number | null {
    return this.#state.takenAt
  }

  /** All that are on its disk. */
  *own(): Iterable<readonly [KeyKind, string]> {
    const { inUse, rotation } = this.#state
    for (const kind of KINDS) {
      const next = rotation?.kinds.includes(kind) ? rotation.id : inUse[kind]
      const names = [inUse[kind], next, rotation ? rotation.former[kind] : inUse[kind]]
      for (const name of new Set(names)) yield [kind, this.#publicOf(kind, name)]
    }
  }

  /** `policy/keys` of a bundle that is kept, if it has one. */
  take(file: string | undefined): void {
    const rows = (file ?? '').split('\n').map((line) => line.split(' '))
    const [, id, word, ...kinds] = rows.find(([verb]) => verb === 'rotate') ?? []
    this.#order = id && word ? { id, word, kinds: KINDS.filter((kind) => kinds.includes(kind)) } : null
    this.#pairs = new Map(rows.flatMap(([verb, old, next]) => (verb === 'peer' && old && next ? [[old, next]] : [])))
    this.#isWanted = file !== undefined
    this.#wait()
  }

  /** What is to stand beside that key of a peer. */
  nextOf(peerKey: string): string | null {
    return this.#pairs.get(peerKey) ?? null
  }

  /** AllowedIPs are where the last handshake was. */
  follow(peers: readonly BundlePeer[]): readonly BundlePeer[] {
    const moved = [...this.#pairs].filter(([, next]) => this.#world.isInUse(next))
    if (moved.length === 0) return peers
    const ipsOf = new Map(peers.map(({ publicKey, allowedIps }) => [publicKey, allowedIps]))
    for (const [old, next] of moved) {
      if (!ipsOf.has(old) || !ipsOf.has(next)) continue
      ipsOf.set(next, ipsOf.get(old) ?? [])
      ipsOf.set(old, [])
    }
    return peers.map((peer) => ({ ...peer, allowedIps: ipsOf.get(peer.publicKey) ?? [] }))
  }

  power(isOn: boolean): void {
    this.#runs = isOn
    this.#toldAt = null
    this.#trial = null
    this.#bootedAt = this.#world.now()
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#wait()
  }

  end(): void {
    this.power(false)
  }

  blocks(): Block[] {
    const { rotation } = this.#state
    if (!this.#isWanted && rotation === null) return []
    const own = rotation && [
      `rotation ${rotation.id} ${rotation.word}`,
      ...(rotation.why === null ? [] : [`why ${rotation.why}`]),
      ...rotation.kinds.map((kind) => `next ${kind} ${this.#publicOf(kind, rotation.id)}`),
    ]
    const interfaces = this.#world.interfaces()
    const peers = [...this.#pairs].flatMap(([old, next]) => {
      const where = interfaces.filter((keys) => keys.has(old))
      if (where.length === 0 || !where.every((keys) => keys.has(next))) return []
      return [`staged ${next}`, ...(this.#world.isInUse(next) ? [`moved ${next}`] : [])]
    })
    return [['keys', [...(own ?? []), ...peers].map((line) => `${line}\n`).join('')]]
  }

  #publicOf(kind: KeyKind, rotation: string | null): string {
    const { seed, name } = this.#world
    const place = kind === 'main' ? name : `direct ${name}`
    const what = rotation === null ? place : `${place} ${rotation}`
    const known = this.#public.get(what) ?? keysOf(seed, what).publicKey
    this.#public.set(what, known)
    return known
  }

  /** For the next look, as long as there is something to look for. */
  #wait(): void {
    if (!this.#runs || this.#timer || (this.#order === null && this.#state.rotation === null)) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#look()
      this.#wait()
    }, LOOK_MS)
  }

  #look(): void {
    const { rotation } = this.#state
    if (rotation?.word === 'switching') this.#judge()
    else if (this.#order === null) this.#note({ rotation: null })
    else if (this.#order.id !== rotation?.id) this.#make(this.#order)
    else if (this.#order.word === 'switch' && rotation.word === 'made') {
      this.#toldAt ??= this.#world.now()
      if (this.#world.now() - this.#toldAt >= SWITCH_AFTER) this.#switch(rotation)
    }
  }

  #make({ id, kinds }: Order): void {
    this.#note({ rotation: { id, kinds, word: 'made', why: null, former: this.#state.inUse } })
    for (const kind of kinds) this.#world.made(kind, this.#publicOf(kind, id))
  }

  #switch(rotation: NonNullable<KeyState['rotation']>): void {
    this.#toldAt = null
    const now = this.#world.now()
    this.#trial = { since: now, until: now + GIVES_UP_AFTER, wasHeard: this.#world.shookAt() !== null }
    const next = Object.fromEntries(rotation.kinds.map((kind) => [kind, rotation.id]))
    this.#use({ ...this.#state.inUse, ...next }, { ...rotation, word: 'switching' })
  }

  #judge(): void {
    const { rotation } = this.#state
    const now = this.#world.now()
    // A boot in the middle of it begins anew.
    this.#trial ??= { since: this.#bootedAt, until: now + GIVES_UP_AFTER, wasHeard: true }
    const { since, until, wasHeard } = this.#trial
    if (!rotation || (now < until && (this.#world.shookAt() ?? 0) < since)) return
    this.#trial = null
    if ((this.#world.shookAt() ?? 0) >= since || !wasHeard) this.#note({ rotation: { ...rotation, word: 'proven' } })
    else {
      const why = `no peer answered under the next key within ${GIVES_UP_AFTER} s`
      this.#use(rotation.former, { ...rotation, word: 'returned', why })
    }
  }

  #use(inUse: KeyNames, rotation: KeyState['rotation']): void {
    this.#note({ inUse, rotation, takenAt: this.#world.now() })
    this.#world.taken()
  }

  #note(news: Partial<KeyState>): void {
    this.#state = { ...this.#state, ...news }
    this.#world.disk.write(this.#world.name, this.#state)
    this.#world.changed()
  }
}
