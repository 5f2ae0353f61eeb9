import { parseEndpoint } from '@spanwire/mesh/ip/endpoint'

/** Why this is no place where a gateway can be reached; null when it is one. */
export function endpointFault(text: string): string | null {
  const endpoint = parseEndpoint(text.trim())
  return endpoint.ok ? null : sentence(endpoint.error.message)
}

/** The rules speak in parts of sentences; under a field it is a whole one. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
