/**
 * Who carries. One gateway carries as the first that joined, whatever it has; to carry together, gateways need a number, by which
 * they know their interfaces to each other, and an endpoint that the others can call.
 */
import { type Endpoint, parseEndpoint } from '../ip/endpoint.ts'
import type { JoinedNode, PlanNode } from './network-input.ts'

export type Gateway = {
  readonly node: JoinedNode
  /** 1 to 240, for life; 0 for one that carries alone and has none. */
  readonly number: number
  readonly endpoint: Endpoint | null
}

export const MAX_GATEWAY_NUMBER = 240

/** In the order in which they joined: the first is the hub. `working` is in that order. */
export function gatewaysOf(working: readonly JoinedNode[], listenPort: number): readonly Gateway[] {
  const all = working.filter(({ role }) => role === 'gateway')
  const numbers = new Set<number>()
  const together = all.flatMap((node) => {
    const endpoint = endpointOf(node)
    const number = node.gatewayNumber ?? 0
    const isUsable = Number.isInteger(number) && number >= 1 && number <= MAX_GATEWAY_NUMBER
    if (!isUsable || numbers.has(number) || !endpoint || listenPort + number > 65_535) return []
    numbers.add(number)
    return { node, number, endpoint }
  })
  if (together.length > 1) return together
  const [hub] = all
  return hub ? [{ node: hub, number: hub.gatewayNumber ?? 0, endpoint: endpointOf(hub) }] : []
}

export function endpointOf(node: PlanNode): Endpoint | null {
  const endpoint = node.endpoint === null ? null : parseEndpoint(node.endpoint)
  // Checked when it was entered; a row from elsewhere must not stop the plan of everybody else.
  return endpoint?.ok ? endpoint.value : null
}
