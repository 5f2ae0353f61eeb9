import { parseAddress } from '@spanwire/mesh/ip/address'
import { formatEndpoint, parseEndpoint } from '@spanwire/mesh/ip/endpoint'

/** A gateway whose endpoint nobody filled in is looked for where it called from: right for a machine with a public address. */
export function defaultEndpoint(address: string | null, port: number): string | null {
  const parsed = parseAddress(address?.replace(/^::ffff:(?=[0-9.]+$)/, '') ?? '')
  if (!parsed.ok) return null
  const { family, value } = parsed.value
  const isLoopback = family === 4 ? value >> 24n === 127n : value === 1n
  if (isLoopback) return null
  const endpoint = parseEndpoint(formatEndpoint({ address: parsed.value, port }))
  return endpoint.ok ? formatEndpoint(endpoint.value) : null
}
