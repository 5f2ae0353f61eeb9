/**
 * IP addresses as numbers, so that rules compare and count instead of matching text. Text is read strictly (no leading
 * zeros, no zone, no spaces) and written in one form: dotted quad, and RFC 5952 for IPv6. Sets and map keys use the text.
 */
import { err, type Fault, ok, type Result } from '../result.ts'

export type Family = 4 | 6
export type Address = { readonly family: Family; readonly value: bigint }

export const bitsOf = (family: Family): number => (family === 4 ? 32 : 128)

export function parseAddress(text: string): Result<Address, Fault<'bad-address'>> {
  const family: Family = text.includes(':') ? 6 : 4
  const value = family === 4 ? readV4(text) : readV6(text)
  if (value === null) {
    return err({
      kind: 'bad-address',
      message: `${JSON.stringify(text.slice(0, 60))} is not an IP address; write it like 10.77.0.1 or fd00::1`,
    })
  }
  return ok({ family, value })
}

export function formatAddress(address: Address): string {
  return address.family === 4 ? writeV4(address.value) : writeV6(address.value)
}

export const sameAddress = (a: Address, b: Address): boolean => a.family === b.family && a.value === b.value

/** IPv4 first, then by number: the order of every rendered list. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
}

function readV4(text: string): bigint | null {
  const octets = text.split('.')
  if (octets.length !== 4) return null
  let value = 0n
  for (const octet of octets) {
    // A leading zero is octal to inet_aton and decimal to others: refused, not guessed.
    if (!/^(0|[1-9][0-9]{0,2})$/.test(octet) || Number(octet) > 255) return null
    value = (value << 8n) | BigInt(octet)
  }
  return value
}

function readV6(text: string): bigint | null {
  if (text.length > 45) return null
  const dotted = /^(.*:)([0-9]+\.[0-9.]+)$/.exec(text)
  let source = text
  if (dotted) {
    const tail = readV4(dotted[2] ?? '')
    if (tail === null) return null
    source = `${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
  }
  const halves = source.split('::')
  if (halves.length > 2) return null
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const head = left ?? []
  const tail = right ?? []
  const missing = 8 - head.length - tail.length
  // "::" stands for at least one group; without it all eight are written.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail]
  let value = 0n
  for (const group of groups) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null
    value = (value << 16n) | BigInt(`0x${group}`)
  }
  return value
}

function writeV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 0xffn).toString()).join('.')
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as "::". */
function writeV6(value: bigint): string {
  // RFC 5952 section 5: the well-known prefix of IPv4-mapped addresses keeps its dotted quad.
  if (value >> 32n === 0xffffn) return `::ffff:${writeV4(value & 0xffff_ffffn)}`
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  let start = 0
  let length = 0
  for (let i = 0; i < 8; i++) {
    let end = i
    while (groups[end] === '0') end++
    if (end - i > length) {
      start = i
      length = end - i
    }
  }
  if (length < 2) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}
