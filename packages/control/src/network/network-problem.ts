/** The one sentence of a network: what is worst in it. Problems that need nobody (an open invitation, a pause) are not shown here. */
import { humanAge } from '@spanwire/mesh/health/human-age'
import type { Problem } from '../node/problem.ts'
import type { NetworkRow } from './network-row.ts'

export type NetworkHealth = {
  readonly restoredAt: number | null
  readonly hasGateway: boolean
  readonly joined: number
  /** Nodes that report, but have not taken a configuration since the database was restored. */
  readonly behindEpoch: number
  /** The worst one of each node. */
  readonly problems: readonly Problem[]
}

// Long enough to be read by whoever comes in the next morning.
const RESTORED_SHOWN_MS = 24 * 3600 * 1000

export function networkProblem(network: NetworkHealth, now: number): NetworkRow['problem'] {
  if (network.joined > 0 && !network.hasGateway) {
    return { severity: 'bad', text: 'No gateway is at work: its nodes cannot reach each other' }
  }
  const bad = network.problems.filter((problem) => problem.severity === 'bad')
  if (bad[0]) return { severity: 'bad', text: andMore(bad[0].text, bad.length - 1) }
  const restored = restoredSentence(network, now)
  if (restored) return { severity: 'warn', text: restored }
  const warnings = network.problems.filter((problem) => problem.severity === 'warn')
  return warnings[0] ? { severity: 'warn', text: andMore(warnings[0].text, warnings.length - 1) } : null
}

function restoredSentence({ restoredAt, behindEpoch }: NetworkHealth, now: number): string | null {
  if (restoredAt === null || now - restoredAt > RESTORED_SHOWN_MS) return null
  const since = `The database was restored from an older state ${humanAge(now - restoredAt)} ago`
  if (behindEpoch === 0) return `${since}; all nodes that report have its configuration`
  return `${since}; ${behindEpoch} ${behindEpoch === 1 ? 'node has' : 'nodes have'} yet to take its configuration`
}

const andMore = (text: string, more: number): string =>
  more === 0 ? text : `${text}; ${more} more ${more === 1 ? 'node has' : 'nodes have'} a problem`
