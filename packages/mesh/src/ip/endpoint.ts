/** Where a gateway can be reached: a numeric address or a DNS name, always with a port. */
import { err, type Fault, ok, type Result } from '../result.ts'
import { type Address, formatAddress, parseAddress } from './address.ts'

/** What WireGuard itself is given: names would block it in the resolver for up to 15 tries. */
export type NumericEndpoint = { readonly address: Address; readonly port: number }

export type Endpoint =
  | ({ readonly kind: 'address' } & NumericEndpoint)
  | { readonly kind: 'name'; readonly name: string; readonly port: number }

export type EndpointFault = Fault<'bad-endpoint' | 'no-port' | 'bad-port' | 'bad-host' | 'unusable-address'>

const HOST_AND_PORT = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([^[\]:]{1,253})):([0-9]{1,5})$/

export function parseEndpoint(text: string): Result<Endpoint, EndpointFault> {
  const shown = JSON.stringify(text.slice(0, 80))
  const parts = HOST_AND_PORT.exec(text)
  if (!parts) return err(explain(text, shown))
  const [, bracketed, plain, portText] = parts
  const port = Number(portText)
  if (port < 1 || port > 65535 || portText?.startsWith('0')) {
    return err({ kind: 'bad-port', message: `the port in ${shown} must be a number from 1 to 65535` })
  }
  const host = bracketed ?? plain ?? ''
  const address = parseAddress(host)
  if (address.ok && (bracketed === undefined || address.value.family === 6)) {
    if (!isUnicast(address.value)) {
      return err({
        kind: 'unusable-address',
        message: `${host} is not the address of one machine; use the one that members can reach`,
      })
    }
    return ok({ kind: 'address', address: address.value, port })
  }
  const name = host.toLowerCase()
  if (bracketed !== undefined || !isDnsName(name)) {
    return err({
      kind: 'bad-host',
      message: `${JSON.stringify(host.slice(0, 80))} is neither an IP address nor a DNS name`,
    })
  }
  return ok({ kind: 'name', name, port })
}

export function formatEndpoint(endpoint: Endpoint | NumericEndpoint): string {
  if ('name' in endpoint) return `${endpoint.name}:${endpoint.port}`
  const address = formatAddress(endpoint.address)
  return endpoint.address.family === 6 ? `[${address}]:${endpoint.port}` : `${address}:${endpoint.port}`
}

function explain(text: string, shown: string): EndpointFault {
  if (parseAddress(text).ok && text.includes(':')) {
    return {
      kind: 'no-port',
      message: `${shown} has no port; write an IPv6 address in brackets, like [2001:db8::7]:51820`,
    }
  }
  if (text !== '' && !text.includes(':')) {
    return { kind: 'no-port', message: `${shown} has no port; add it, like ${text.slice(0, 60)}:51820` }
  }
  return {
    kind: 'bad-endpoint',
    message: `${shown} is not an endpoint; write it like 203.0.113.7:51820, [2001:db8::7]:51820 or vpn.example.org:51820`,
  }
}

/** RFC 1123 labels. The last one must not be a number: "10.0.0" is a mistyped address, not a name. */
function isDnsName(name: string): boolean {
  const labels = name.split('.')
  return (
    labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) &&
    !/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')
  )
}

function isUnicast({ family, value }: Address): boolean {
  if (family === 4) return value >> 24n !== 0n && value < 0xe000_0000n
  return value !== 0n && value >> 120n !== 0xffn
}
