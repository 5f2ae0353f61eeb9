import { setTimeout as sleep } from 'node:timers/promises'
import type { Holder } from './hold-all.ts'

const PATIENCE_MS = 240_000
/** A hold ends after 20 s, so of many some are always between two requests. */
const MOST = 0.99

/** Until the server holds as many requests but one of a hundred: they have what they should have, and wait. Milliseconds from `begun`. */
export async function allWait({ url, held }: Holder, count: number, begun = performance.now()): Promise<number> {
  for (;;) {
    const waiting = await held()
    const took = performance.now() - begun
    if (waiting >= count * MOST) return took
    if (took > PATIENCE_MS) throw new Error(`${url} holds ${waiting} requests, not ${count}`)
    await sleep(20)
  }
}
