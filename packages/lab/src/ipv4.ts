/** Addresses of the lab. They are written by tests, so a wrong one is a mistake to throw at, not a result. */

export type Lan = { prefixLength: number; text: string; at(host: number): string; has(address: string): boolean }

export function lan(text: string): Lan {
  const [base, length] = text.split('/')
  const prefixLength = Number(length)
  if (!(prefixLength >= 8 && prefixLength <= 30)) throw new RangeError(`${text} is not a LAN between /8 and /30`)
  const size = 2 ** (32 - prefixLength)
  const first = Math.floor(number(base ?? '') / size) * size
  return {
    prefixLength,
    text: `${dotted(first)}/${prefixLength}`,
    at: (host) => dotted(first + host),
    has: (address) => number(address) >= first && number(address) < first + size,
  }
}

function number(address: string): number {
  const octets = address.split('.').map(Number)
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255)))
    throw new RangeError(`${address} is not an IPv4 address`)
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
}
