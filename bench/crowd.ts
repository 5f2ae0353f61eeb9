/** A thousand machines to order about (crowd-process.ts does what is said here). */
import type { FoundedNetwork } from '@spanwire/lab/fleet/found-network'
import { startChild } from './child.ts'
import type { Ask } from './http-client.ts'

/** Where a request goes: our server, or the bare one. */
export type Door = { readonly url: string; readonly path: string }

export type JoinOrder = {
  readonly kind: 'join'
  readonly url: string
  readonly network: FoundedNetwork
  readonly members: number
  readonly atOnce: number
  readonly seed: string
}
export type HoldOrder = Door & { readonly kind: 'hold' }
export type ChangeOrder = {
  readonly kind: 'change'
  readonly url: string
  readonly ask: Ask
  /** The answers are bundles, and are kept. */
  readonly isBundle: boolean
}
export type ReportOrder = Door & { readonly kind: 'report'; readonly seconds: number; readonly atOnce: number }
export type CrowdOrder = JoinOrder | HoldOrder | ChangeOrder | ReportOrder | { readonly kind: 'leave' }

export type Changed = {
  readonly ms: number
  /** of the answer to one node, head and body */
  readonly bytes: number
  readonly bodyBytes: number
  /** the files of the bundle that are others than in the bundle before */
  readonly changedText: string
}

export type Crowd = {
  /** Members a second; the gateway has joined before. */
  join(order: Omit<JoinOrder, 'kind'>): Promise<number>
  /** All wait when this resolves. */
  hold(door: Door): Promise<void>
  change(order: Omit<ChangeOrder, 'kind'>): Promise<Changed>
  /** Reports a second. */
  report(order: Omit<ReportOrder, 'kind'>): Promise<number>
  leave(): Promise<void>
  close(): Promise<void>
}

export function startCrowd(): Crowd {
  const { order, close } = startChild('./crowd-process.ts')
  return {
    join: (what) => order({ kind: 'join', ...what }),
    hold: (what) => order({ kind: 'hold', ...what }),
    change: (what) => order({ kind: 'change', ...what }),
    report: (what) => order({ kind: 'report', ...what }),
    leave: () => order({ kind: 'leave' }),
    close,
  }
}
