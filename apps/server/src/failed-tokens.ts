import { isIPv6 } from 'node:net'

export type FailedTokens = {
  count(address: string): void
  /** 0 while the address may try */
  waitSeconds(address: string): number
}

// A token has 256 bits, so this is against noise in the database, not against guessing: generous to many machines behind one NAT.
const TRIES = 100
const PER_MS = 60_000
const ADDRESSES = 10_000

/** Failed join tokens by address, in this process. `now` is in milliseconds. */
export function countFailedTokens(now: () => number = () => performance.now()): FailedTokens {
  const windows = new Map<string, { since: number; tries: number }>()
  return {
    count(address) {
      const key = groupOf(address)
      const window = windows.get(key)
      if (window && now() - window.since < PER_MS) {
        window.tries++
        return
      }
      windows.delete(key)
      // The oldest goes first: a flood of addresses must not grow the map.
      if (windows.size >= ADDRESSES) windows.delete(windows.keys().next().value as string)
      windows.set(key, { since: now(), tries: 1 })
    },
    waitSeconds(address) {
      const window = windows.get(groupOf(address))
      if (!window || window.tries < TRIES) return 0
      return Math.max(0, Math.ceil((window.since + PER_MS - now()) / 1000))
    },
  }
}

/** One customer has a /64 of IPv6 at least, and may change the rest of the address at will. */
function groupOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':')
}
