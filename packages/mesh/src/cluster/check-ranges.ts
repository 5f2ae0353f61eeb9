/** Pod and service ranges: of the right size, each to itself, and away from everything that the nodes can reach. */

import { parseAddress } from '../ip/address.ts'
import { contains, formatPrefix, overlaps, type Prefix, parsePrefix } from '../ip/prefix.ts'
import { type ClusterFinding, refuse, warn } from './cluster-finding.ts'
import type { ClusterSettings } from './cluster-settings.ts'

/** A range that is taken, and by whom, as it stands in the sentence: "the LAN of home-1". */
export type TakenRange = { readonly prefix: Prefix; readonly by: string }

type Named = { readonly field: RangeField; readonly what: string; readonly prefix: Prefix }
type RangeField = 'podRange4' | 'podRange6' | 'serviceRange4' | 'serviceRange6'

const WHAT: Readonly<Record<RangeField, string>> = {
  podRange4: 'the pod range',
  podRange6: 'the IPv6 pod range',
  serviceRange4: 'the service range',
  serviceRange6: 'the IPv6 service range',
}

/** Kubernetes refuses a wider service range: it keeps a bitmap of it. */
const WIDEST_SERVICES = { 4: 12, 6: 108 } as const
/** What a node gets for its pods (node-cidr-mask-size of the controller manager). */
export const NODE_PODS = { 4: 24, 6: 64 } as const
/** The controller manager refuses to cut an IPv6 range into more than 2^16 nodes. */
const WIDEST_PODS6 = NODE_PODS[6] - 16

export function checkRanges(settings: ClusterSettings, taken: readonly TakenRange[], nodes: number): ClusterFinding[] {
  const findings: ClusterFinding[] = []
  const ranges = (['podRange4', 'serviceRange4', 'podRange6', 'serviceRange6'] as const).flatMap((field): Named[] => {
    const text = settings[field]
    if (text === null) return []
    const family = field.endsWith('4') ? 4 : 6
    const parsed = parsePrefix(text)
    if (parsed.ok && parsed.value.family === family) return [{ field, what: WHAT[field], prefix: parsed.value }]
    const fault = parsed.ok ? `${text} is not an IPv${family} range` : parsed.error.message
    findings.push(
      refuse(
        field,
        `${WHAT[field]}: ${fault}`,
        family === 4 ? 'Write it like 10.42.0.0/16.' : 'Write it like fd00:42::/56.',
      ),
    )
    return []
  })
  if ((settings.podRange6 === null) !== (settings.serviceRange6 === null)) {
    const missing = settings.podRange6 === null ? 'podRange6' : 'serviceRange6'
    findings.push(
      refuse(
        missing,
        'pods and services must have the same address families, or k3s does not start',
        'Give both an IPv6 range, or neither.',
      ),
    )
  }
  for (const range of ranges) findings.push(...checkSize(range, nodes))
  for (const [i, range] of ranges.entries()) {
    const others = [...ranges.slice(0, i).map(({ prefix, what }) => ({ prefix, by: what })), ...taken]
    for (const other of others) {
      if (!overlaps(range.prefix, other.prefix)) continue
      const text = `${range.what} ${formatPrefix(range.prefix)} meets ${formatPrefix(other.prefix)}, ${other.by}`
      findings.push(refuse(range.field, text, 'Choose a range that nobody on any node uses; "propose" finds one.'))
    }
  }
  return [...findings, ...checkDns(settings.clusterDns, ranges)]
}

function checkSize({ field, what, prefix }: Named, nodes: number): ClusterFinding[] {
  const shown = `${what} ${formatPrefix(prefix)}`
  if (field.startsWith('service')) {
    const widest = WIDEST_SERVICES[prefix.family]
    if (prefix.length < widest)
      return [
        refuse(
          field,
          `${shown} is wider than /${widest}, which Kubernetes refuses`,
          `Make it a /${widest} or smaller.`,
        ),
      ]
    // The tenth address is the DNS service's.
    const narrowest = prefix.family === 4 ? 27 : 123
    if (prefix.length > narrowest)
      return [refuse(field, `${shown} has no room for services`, `Make it a /${narrowest} or larger.`)]
    return []
  }
  const share = NODE_PODS[prefix.family]
  if (prefix.length > share)
    return [
      refuse(
        field,
        `${shown} is smaller than the /${share} that each node gets`,
        `Make it a /${share - 8}: room for 256 nodes.`,
      ),
    ]
  if (prefix.family === 6 && prefix.length < WIDEST_PODS6) {
    return [
      refuse(
        field,
        `${shown} is wider than /${WIDEST_PODS6}, which Kubernetes refuses to share out`,
        'Make it a /56: room for 256 nodes.',
      ),
    ]
  }
  const room = 2 ** (share - prefix.length)
  if (nodes > room)
    return [
      refuse(
        field,
        `${shown} has room for ${room} nodes, and there are ${nodes}`,
        'Make it wider; it cannot be changed later.',
      ),
    ]
  if (nodes * 5 > room * 4)
    return [
      warn(
        field,
        `${shown} has room for ${room} nodes, and there are ${nodes} already`,
        'Make it wider now; it cannot be changed later.',
      ),
    ]
  return []
}

function checkDns(clusterDns: string | null, ranges: readonly Named[]): ClusterFinding[] {
  if (clusterDns === null) return []
  const address = parseAddress(clusterDns)
  if (!address.ok)
    return [
      refuse(
        'clusterDns',
        `the DNS address: ${address.error.message}`,
        'Leave it empty for the tenth address of the service range.',
      ),
    ]
  const inServices = ranges.some(({ field, prefix }) => field.startsWith('service') && contains(prefix, address.value))
  if (inServices) return []
  return [
    refuse(
      'clusterDns',
      `the DNS address ${clusterDns} is not in the service range`,
      'Leave it empty for the tenth address of the service range.',
    ),
  ]
}
