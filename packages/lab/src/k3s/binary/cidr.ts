import { isIP, isIPv4 } from 'node:net'

/** A range of addresses in CIDR form; only those of version 4 are counted in. */
export type Cidr = { text: string; family: 4 | 6; base: number; prefixLength: number }

export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length = ''] = text.split('/')
  const family = isIP(address)
  const most = family === 4 ? 32 : 128
  if (family === 0 || !/^\d+$/.test(length) || Number(length) > most) return undefined
  const prefixLength = Number(length)
  if (family === 6) return { text, family: 6, base: 0, prefixLength }
  const base = mask(toNumber(address), prefixLength)
  return { text: `${toAddress(base)}/${prefixLength}`, family: 4, base, prefixLength }
}

export function contains(cidr: Cidr, address: string): boolean {
  return cidr.family === 4 && isIPv4(address) && mask(toNumber(address), cidr.prefixLength) === cidr.base
}

/** The n-th address of a range, or the n-th of its parts of a given length. */
export function nth(cidr: Cidr, n: number): string {
  return toAddress(cidr.base + n)
}

export function part(cidr: Cidr, length: number, n: number): string | undefined {
  if (length < cidr.prefixLength || n >= 2 ** (length - cidr.prefixLength)) return undefined
  return `${toAddress(cidr.base + n * 2 ** (32 - length))}/${length}`
}

function mask(address: number, length: number): number {
  return address - (address % 2 ** (32 - length))
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
