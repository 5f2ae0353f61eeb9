/**
 * What a report says of direct paths that the others do not know yet: the key and port of the node's own interface, its addresses in its
 * LAN, and, from a gateway, where it sees the interfaces of others. Compared with the mirror, so that what is known costs no query.
 */
import { formatEndpoint } from '@spanwire/mesh/ip/endpoint'
import type { Report } from '@spanwire/mesh/protocol/parse-report'
import type { MachineNode } from '../machine/network-rows.ts'
import type { Mirrored } from '../machine/read-mirrored.ts'
import { lanAddresses } from './lan-addresses.ts'

export type DirectNews = {
  readonly nodeId: string
  readonly direct: { readonly publicKey: string; readonly port: number } | null
  readonly lan: readonly string[] | null
  /** By a gateway, of others. */
  readonly seen: readonly { readonly nodeId: string; readonly endpoint: string }[]
}

/** A session of WireGuard is dead by then: an endpoint without one says where somebody was. */
const SESSION_SECONDS = 180

/** Null when there is none. */
export function directNews(network: Mirrored, node: MachineNode, report: Report): DirectNews | null {
  const { direct: said } = report
  const isSaid = said !== null && (said.publicKey !== node.directKey || said.port !== node.directPort)
  const found = report.facts && lanAddresses(report.facts, network.settings.interfaceName)
  const lan = found && found.join() !== (node.lanAddresses ?? []).join() ? found : null
  const seen = network.topology === 'hub' || node.role !== 'gateway' ? [] : seenBy(network, node, report)
  return isSaid || lan || seen.length > 0 ? { nodeId: node.id, direct: isSaid ? said : null, lan, seen } : null
}

function seenBy(network: Mirrored, gateway: MachineNode, report: Report): DirectNews['seen'] {
  const view = report.interfaces.get(network.settings.interfaceName)
  if (!view) return []
  return (network.plan.reflected.get(gateway.id) ?? []).flatMap(({ id, publicKey }) => {
    const endpoint = view.endpoints.get(publicKey) ?? null
    const handshake = view.handshakes.get(publicKey) ?? null
    if (endpoint === null || handshake === null || report.unixSeconds - handshake > SESSION_SECONDS) return []
    const text = formatEndpoint(endpoint)
    const known = network.nodes.get(id)?.observed?.find(({ gatewayId }) => gatewayId === gateway.id)
    return known?.endpoint === text ? [] : [{ nodeId: id, endpoint: text }]
  })
}
