import type { Wave } from './wave.ts'

/** A counter that grows along a wave while something flows, and stands still while nothing does. Times are unix seconds. */
export class Meter {
  readonly #wave: Wave
  #counted = 0
  #since: number | null = null

  constructor(wave: Wave) {
    this.#wave = wave
  }

  open(at: number): void {
    this.#since ??= at
  }

  close(at: number): void {
    this.#counted = this.read(at)
    this.#since = null
  }

  read(at: number): number {
    if (this.#since === null) return this.#counted
    return this.#counted + Math.max(0, this.#wave.total(at) - this.#wave.total(this.#since))
  }
}
