import { setTimeout as sleep } from 'node:timers/promises'
import type { Holder } from './hold-all.ts'

const PATIENCE_MS = 240_000
/** Asked for its metrics, the server walks all of its 10,000 sockets, some 20 ms. */
const POLL_MS = 250

/** Until the server holds the requests of as many: they have what they should have, and wait. */
export async function allWait({ url, held, heldShare }: Holder, count: number): Promise<void> {
  for (const begun = performance.now(); ; ) {
    const waiting = await held()
    const took = performance.now() - begun
    if (waiting >= count * heldShare) return
    if (took > PATIENCE_MS) throw new Error(`${url} holds ${waiting} requests, not ${count}`)
    await sleep(POLL_MS)
  }
}
