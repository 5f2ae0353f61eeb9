/** A node's record and tunnels, judged by mesh/health: its three facts and what is wrong with it. */
import { clockStatus } from '@spanwire/mesh/health/clock-status'
import { type NodeTunnels, nodeTunnels } from '@spanwire/mesh/health/node-tunnels'
import { type Problem as Found, nodeProblems } from '@spanwire/mesh/health/problems'
import { type ReportingStatus, reportingStatus } from '@spanwire/mesh/health/reporting-status'
import { directName } from '@spanwire/mesh/paths/interface-names'
import { iso } from '../iso.ts'
import { clusterFactOf } from './cluster-fact.ts'
import type { FactStatus, NodeFacts } from './fact.ts'
import type { Tunnel } from './merge-links.ts'
import type { NodeRecord } from './read-nodes.ts'

export type JudgedNode = {
  readonly facts: NodeFacts
  readonly problems: readonly Found[]
  readonly isReporting: boolean
  readonly tunnels: NodeTunnels
}

export function judgeNode(node: NodeRecord, tunnels: readonly Tunnel[], now: number): JudgedNode {
  const reporting = reportingStatus(node.reportedAt, now)
  const counted = tunnels.filter((tunnel) => !isMissedDirect(node, tunnel))
  const carried = nodeTunnels(
    counted.map((tunnel) => tunnel.judged),
    now,
    tunnels.length - counted.length,
  )
  const problems = nodeProblems(
    {
      name: node.name,
      role: node.role,
      state: node.state,
      quarantineReason: node.quarantineReason,
      reporting,
      tunnels: carried,
      oneWay: tunnels.flatMap((tunnel) => (isToldHere(node, tunnel) ? [tunnel.judged.reason] : [])),
      clock: node.clockSkewMs === null ? null : clockStatus(node.clockSkewMs),
      behindSince: node.behindSince,
      diskFree: part(node.diskFreeKb, node.diskTotalKb),
      memoryFree: part(node.memoryFreeKb, node.memoryTotalKb),
      notes: node.notes,
    },
    now,
  )
  return {
    facts: {
      reporting: reportingFact(node, reporting),
      tunnels: tunnelsFact(node, carried),
      cluster: clusterFactOf(node, tunnels, reporting, now),
    },
    problems,
    isReporting: reporting.status === 'up' || reporting.status === 'late',
    tunnels: carried,
  }
}

/** At both ends of it; that of a member to a gateway at the member, since it is seldom the gateway's fault. */
function isToldHere(node: NodeRecord, tunnel: Tunnel): boolean {
  if (tunnel.judged.direction === null) return false
  const own = tunnel.a === node.id ? tunnel.aSees : tunnel.bSees
  return node.role === 'member' || (own !== null && own.interfaceName !== node.interfaceName)
}

/** A direct tunnel that did not come about, or went, is no trouble: gateways carry. One that is alive counts. */
export function isMissedDirect(
  { interfaceName }: Pick<NodeRecord, 'interfaceName'>,
  { aSees, bSees, judged }: Tunnel,
): boolean {
  return (aSees ?? bSees)?.interfaceName === directName(interfaceName) && judged.status !== 'up'
}

export function part(of: number | null, whole: number | null): number | null {
  return of === null || whole === null || whole <= 0 ? null : Math.min(1, Math.max(0, of / whole))
}

const REPORTING = { up: 'good', late: 'warn', silent: 'bad', never: 'unknown' } as const satisfies Record<
  ReportingStatus['status'],
  FactStatus
>

const TUNNELS = {
  up: 'good',
  degraded: 'warn',
  down: 'bad',
  // Nobody knows: that is neither good nor bad.
  stale: 'unknown',
  unknown: 'unknown',
  none: 'none',
} as const satisfies Record<NodeTunnels['status'], FactStatus>

function reportingFact(node: NodeRecord, reporting: ReportingStatus): NodeFacts['reporting'] {
  if (node.state === 'invited') return { status: 'none', text: 'has not joined yet', at: null }
  return { status: REPORTING[reporting.status], text: reporting.sentence, at: iso(node.reportedAt) }
}

function tunnelsFact(node: NodeRecord, tunnels: NodeTunnels): NodeFacts['tunnels'] {
  if (node.state === 'paused') return { status: 'none', text: 'paused: its peers do not have it', at: null }
  if (node.state === 'quarantined') return { status: 'none', text: 'quarantined: its peers do not have it', at: null }
  return { status: TUNNELS[tunnels.status], text: tunnels.sentence, at: iso(tunnels.evidenceAt) }
}
