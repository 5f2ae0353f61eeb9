/** Ten thousand machines that only wait and hear (many-process.ts does what is said here). */
import { startChild } from './child.ts'
import type { Ask } from './http-client.ts'

export type StartOrder = {
  readonly kind: 'start'
  readonly url: string
  readonly path: string
  readonly seed: string
  readonly count: number
  /** Of the script, `VERSION SHA256`. */
  readonly script: string
}
export type ChangeOrder = { readonly kind: 'change'; readonly url: string; readonly ask: Ask }
export type ComeBackOrder = Omit<StartOrder, 'kind'> & { readonly kind: 'come-back' }
export type ManyOrder = StartOrder | ChangeOrder | ComeBackOrder | { readonly kind: 'stop' }

export type Heard = {
  /** When the first, the 99th of a hundred and the last had the last byte. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** of all answers, heads and bodies */
  readonly bytes: number
  readonly bodyBytes: number
}

export type Many = {
  /** They ask, take what they are given, and ask again, until `stop`. What they hold outlives that. */
  start(order: Omit<StartOrder, 'kind'>): Promise<void>
  /** Until each of them has heard of it. */
  change(order: Omit<ChangeOrder, 'kind'>): Promise<Heard>
  /** As `start`, until each of them has been given something. */
  comeBack(order: Omit<StartOrder, 'kind'>): Promise<Heard>
  stop(): Promise<void>
  close(): Promise<void>
}

export function startMany(): Many {
  const { order, close } = startChild('./many-process.ts')
  return {
    start: (what) => order({ kind: 'start', ...what }),
    change: (what) => order({ kind: 'change', ...what }),
    comeBack: (what) => order({ kind: 'come-back', ...what }),
    stop: () => order({ kind: 'stop' }),
    close,
  }
}
