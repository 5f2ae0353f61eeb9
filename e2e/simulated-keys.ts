/** Rotations of keys that stay where they are: one that waits, and one that went back. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Rest } from '@spanwire/lab/fleet/rest'

type Keys = { rotation: { state: string; isRunning: boolean; peers: { id: string; state: string }[] } | null }

export async function rotateKeys(rest: Rest, node: string): Promise<void> {
  await rest('POST', `/nodes/${node}/keys/rotate`)
}

/** Everybody has its next key but those who are not there to take it. */
export function waitsFor(rest: Rest, node: string, absent: readonly string[]): Promise<void> {
  return until(rest, node, 60, ({ rotation }) => {
    const missing = rotation?.peers.filter(({ state }) => state !== 'has').map(({ id }) => id) ?? []
    return (
      rotation?.state === 'staging' && missing.length === absent.length && absent.every((id) => missing.includes(id))
    )
  })
}

/** Its tunnels are cut: nobody answers under the next keys, and after 30 s it takes its own again. */
export function returns(rest: Rest, node: string): Promise<void> {
  return until(rest, node, 90, ({ rotation }) => rotation?.state === 'returned')
}

async function until(rest: Rest, node: string, seconds: number, holds: (keys: Keys) => boolean): Promise<void> {
  let last: Keys | undefined
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(500)) {
    last = await rest<Keys>('GET', `/nodes/${node}/keys`)
    if (holds(last)) return
  }
  throw new Error(`the rotation is not where it was to be within ${seconds} s: ${JSON.stringify(last?.rotation)}`)
}
