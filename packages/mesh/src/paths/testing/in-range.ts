import { parseAddress } from '../../ip/address.ts'

/** Length of the range when the address lies in it, else -1. As plain as it can be said, and remembered. */
export function matchLength(address: string, range: string): number {
  const key = `${address} ${range}`
  const known = remembered.get(key)
  if (known !== undefined) return known
  const [base = '', length = ''] = range.split('/')
  const isIn = bitsOf(address).startsWith(bitsOf(base).slice(0, 2 + Number(length)))
  const value = isIn ? Number(length) : -1
  remembered.set(key, value)
  return value
}

/** The longest that the address lies in. */
export function longestMatch<T extends { readonly cidr: string }>(address: string, routes: Iterable<T>): T | null {
  let best: T | null = null
  let length = -1
  for (const route of routes) {
    const match = matchLength(address, route.cidr)
    if (match > length) [best, length] = [route, match]
  }
  return best
}

/** With the family in front, so that those of two never begin alike. */
function bitsOf(text: string): string {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  const { family, value } = parsed.value
  return `${family}:${value.toString(2).padStart(family === 4 ? 32 : 128, '0')}`
}

const remembered = new Map<string, number>()
