import { parseEndpoint } from '@spanwire/mesh/ip/endpoint'
import { fieldProblem } from './field-problem.ts'

/** Why this is no place where a gateway can be reached; null when it is one. */
export function endpointFault(text: string): string | null {
  return fieldProblem(parseEndpoint(text.trim()))
}
