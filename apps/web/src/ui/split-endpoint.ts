import { formatAddress, parseAddress } from '@spanwire/mesh/ip/address'

export type EndpointParts = { host: string; port: string }

/** '203.0.113.7:51820' or '[2001:db8::7]:51820' as two fields show it. Without a port the host is the whole text. */
export function splitEndpoint(text: string, defaultPort: number): EndpointParts {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d*)$/.exec(text.trim()) ?? []
  const host = bracketed ?? plain
  return host === undefined ? { host: text.trim(), port: String(defaultPort) } : { host, port: port ?? '' }
}

/** Brackets come by themselves round an IPv6 address; '' when there is no host. */
export function joinEndpoint({ host, port }: EndpointParts): string {
  const bare = host.trim().replace(/^\[|\]$/g, '')
  if (bare === '') return ''
  const address = parseAddress(bare)
  if (address.ok && address.value.family === 6) return `[${formatAddress(address.value)}]:${port}`
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`
}
