/** Which steps of a join a report proves, of its sender or of the sender's peers. */
import { humanAge } from '@spanwire/mesh/health/human-age'
import { formatPrefix } from '@spanwire/mesh/ip/prefix'
import type { Report } from '@spanwire/mesh/protocol/parse-report'
import type { StepConfirmation } from './confirm-steps.ts'
import type { LinkRow } from './digest-report.ts'
import type { MachineNode } from './network-rows.ts'
import type { Mirrored } from './read-mirrored.ts'

export type Incoming = {
  readonly network: Mirrored
  readonly node: MachineNode
  readonly report: Report
  readonly at: Date
  /** The node runs what it should. */
  readonly isCurrent: boolean
  /** Its script can read rules on trial. */
  readonly knowsPolicy: boolean
}

export function stepsSeen(
  { network, node, report, at, isCurrent }: Incoming,
  links: readonly LinkRow[],
  isWanted: (nodeId: string) => boolean,
): StepConfirmation[] {
  const seen: StepConfirmation[] = []
  const name = network.settings.interfaceName
  const tunnel = report.interfaces.get(name)
  if (isWanted(node.id) && isCurrent && node.publicKey !== null && tunnel?.publicKey === node.publicKey) {
    const port = tunnel.listenPort === null ? '' : `, UDP port ${tunnel.listenPort}`
    const evidence = `${name} is up with the key that was enrolled${port}; revision ${report.confirmed.revision} applied`
    seen.push({ nodeId: node.id, step: 'interface', evidence })
  }
  for (const link of links) {
    if (!isWanted(link.peer.id)) continue
    if (link.handshakeAt) {
      const from = link.endpoint === null ? '' : ` from ${link.endpoint}`
      const evidence = `${node.name} saw a handshake ${humanAge(at.getTime() - link.handshakeAt.getTime())} ago${from}`
      seen.push({ nodeId: link.peer.id, step: 'handshake', evidence })
    }
    if (link.state === 'alive') {
      const rtt = link.rttMs === null ? '' : `, answered in ${roundedMs(link.rttMs)} ms`
      const heard = link.heardAt === null ? '' : ` ${humanAge(at.getTime() - link.heardAt.getTime())} ago`
      seen.push({
        nodeId: link.peer.id,
        step: 'reachable',
        evidence: `${node.name} heard it through the tunnel${heard}${rtt}`,
      })
    }
  }
  return seen
}

/** Three digits: `0.42`, `12.5`, `154`. */
const roundedMs = (ms: number): number => (ms < 1000 ? Number(ms.toPrecision(3)) : Math.round(ms))

/** A gateway runs what it should: then it takes packets of the pod ranges of all whom it carries. */
export function podRangesSeen({ network, node, report, isCurrent }: Incoming): StepConfirmation[] {
  const carried = isCurrent ? network.plan.carried.get(node.id) : undefined
  if (!carried) return []
  return [node.id, ...carried.map(({ id }) => id)].flatMap((nodeId) => {
    const ranges = network.plan.podRanges.get(nodeId)
    if (!ranges) return []
    const evidence = `${node.name} confirmed revision ${report.confirmed.revision} with ${ranges.map(formatPrefix).join(', ')}`
    return [{ nodeId, step: 'pod-range' as const, evidence }]
  })
}
