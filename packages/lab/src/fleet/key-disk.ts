/**
 * What simulated machines have of their keys on disk. With a file it outlives the fleet: a demo that is started again has the same
 * machines, also after keys were rotated. Nothing of it is secret, since keys are made of the seed.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

export type KeyKind = 'main' | 'direct'

/** Keys go by the rotation that made them; null for the ones that a machine has from its beginning. */
export type KeyNames = Readonly<Record<KeyKind, string | null>>

export type KeyState = {
  readonly inUse: KeyNames
  /** Since when, unix seconds; null from the beginning. */
  readonly takenAt: number | null
  /** The one that is under way. */
  readonly rotation: {
    readonly id: string
    readonly kinds: readonly KeyKind[]
    readonly word: 'made' | 'switching' | 'proven' | 'returned'
    readonly why: string | null
    readonly former: KeyNames
  } | null
}

const BORN: KeyState = { inUse: { main: null, direct: null }, takenAt: null, rotation: null }

export class KeyDisk {
  readonly #file: string | null
  readonly #states: Record<string, KeyState>

  constructor(file: string | null) {
    this.#file = file
    this.#states = file === null ? {} : read(file)
  }

  read(name: string): KeyState {
    return this.#states[name] ?? BORN
  }

  /** It is there before anything else happens. */
  write(name: string, state: KeyState): void {
    this.#states[name] = state
    if (this.#file === null) return
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#states), { mode: 0o600 })
    renameSync(`${this.#file}.new`, this.#file)
  }
}

function read(file: string): Record<string, KeyState> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
