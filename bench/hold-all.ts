import { setTimeout as sleep } from 'node:timers/promises'
import type { Crowd } from './crowd.ts'

/** A server that can be asked how many requests it holds. */
export type Holder = {
  readonly url: string
  readonly holdPath: string
  /** Of many that wait, how many it holds at any time: where holds end after 20 s, some are always between two requests. */
  readonly heldShare: number
  held(): Promise<number>
}

const PATIENCE_MS = 15_000

/** All are held when this resolves, as the server counts them. */
export async function holdAll(crowd: Crowd, { url, holdPath, held }: Holder, count: number): Promise<void> {
  await crowd.hold({ url, path: holdPath })
  let waiting = 0
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await sleep(20)) {
    waiting = await held()
    if (waiting === count) return
  }
  throw new Error(`${url} holds ${waiting} requests, not ${count}`)
}
