import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** Ranges that this machine itself uses: a network that met them would cut it off from its nodes or from its LAN. */
export function hostPrefixes(): string[] {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, cidr, address }) => !internal && cidr && !address.startsWith('fe80:'))
    .map(({ cidr }) => cidr as string)
  return [...new Set([...own, ...routes()])]
}

/** IPv4 routes of Linux, without the default one: destination and mask are hexadecimal in the machine's byte order. */
function routes(): string[] {
  let table: string
  try {
    table = readFileSync('/proc/net/route', 'utf8')
  } catch {
    return []
  }
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((columns) => columns.length > 7 && columns[1] !== '00000000')
    .map(([, destination = '', , , , , , mask = '']) => {
      const bits = [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === '1').length
      return `${(destination.match(/../g) ?? [])
        .reverse()
        .map((byte) => Number.parseInt(byte, 16))
        .join('.')}/${bits}`
    })
}
