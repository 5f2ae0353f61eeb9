/**
 * What is wrong, worst first. A node that does not report and a node that is gone are two things: only what the other ends of
 * its tunnels see tells them apart, and when neither is known it is said so.
 *
 *   reports   tunnels              problem
 *   silent    down                 gone
 *   silent    up (others see it)   silent-but-alive: the way to the server is cut, not the network
 *   silent    not known            silent
 *   up        none alive           cut-off
 *   up        some alive           tunnels-lost
 */
import type { NodeState } from '../enrolment/node-actions.ts'
import type { ClockStatus } from './clock-status.ts'
import { humanAge } from './human-age.ts'
import type { NodeTunnels } from './node-tunnels.ts'
import type { ReportingStatus } from './reporting-status.ts'

export type Severity = 'critical' | 'warning' | 'info'

/** In this order: the first one present is the worst. */
export const PROBLEMS = {
  quarantined: {
    severity: 'critical',
    fix: 'Open the node and decide which of the two machines it is; the other one needs an invitation of its own.',
  },
  'gateway-gone': {
    severity: 'critical',
    fix: 'Its members cannot reach each other. Look whether the machine runs, then at its UDP port in the cloud firewall.',
  },
  'gateway-cut-off': {
    severity: 'critical',
    fix: "Open the gateway's UDP port in its cloud firewall and router, and check that its endpoint is its public address.",
  },
  gone: { severity: 'critical', fix: 'Look whether the machine runs and has a network; it comes back by itself.' },
  'cut-off': {
    severity: 'critical',
    fix: 'Let the machine send UDP to the gateway; look at its firewall and its router.',
  },
  'clock-bad': {
    severity: 'critical',
    fix: 'Switch time synchronisation on there: timedatectl set-ntp true, or rc-service chronyd start.',
  },
  'one-way': {
    severity: 'warning',
    fix: 'Something between the two lets packets through one way only: look at the firewall and the router of the one that hears nothing, and for rules that drop UDP which comes in.',
  },
  'tunnels-lost': { severity: 'warning', fix: 'Open the node: its peers are listed with what each end sees.' },
  silent: {
    severity: 'warning',
    fix: 'Nothing is known of its tunnels either. Look whether the machine runs: "spanwire status" there.',
  },
  'silent-but-alive': {
    severity: 'warning',
    fix: 'Its tunnels carry traffic. Look at its way to this server: DNS, outgoing HTTPS, "spanwire status" there.',
  },
  'no-evidence': {
    severity: 'warning',
    fix: 'It reports, but says nothing fresh of its tunnels: run "spanwire status" there.',
  },
  'disk-full': {
    severity: 'warning',
    fix: 'Free some space there: a full disk stops it from keeping its configuration.',
  },
  behind: {
    severity: 'warning',
    fix: 'It reports but has not taken the present configuration: "spanwire status" there says why.',
  },
  'clock-off': {
    severity: 'warning',
    fix: 'Switch time synchronisation on there: timedatectl set-ntp true, or rc-service chronyd start.',
  },
  'memory-low': {
    severity: 'warning',
    fix: 'Look what uses the memory there; the kernel ends programs when it runs out.',
  },
  note: {
    severity: 'warning',
    fix: 'The machine itself says so; paste its line again with "open the host firewall" chosen (--fix), or mend it there.',
  },
  late: { severity: 'info', fix: 'Wait a moment: it becomes silent after 90 s.' },
  paused: { severity: 'info', fix: 'Resume it when it shall take part again.' },
  invited: { severity: 'info', fix: 'Paste its line on the machine, or revoke the invitation.' },
} as const satisfies Record<string, { severity: Severity; fix: string }>

export type ProblemCode = keyof typeof PROBLEMS

export type Problem = {
  readonly code: ProblemCode
  readonly severity: Severity
  /** The node it is about. */
  readonly subject: string
  readonly sentence: string
  readonly fix: string
}

export type NodeHealth = {
  readonly name: string
  readonly role: 'gateway' | 'member'
  readonly state: NodeState
  readonly quarantineReason: string | null
  readonly reporting: ReportingStatus
  readonly tunnels: NodeTunnels
  /** Tunnels whose one end hears and the other does not, in words: both ends said so. */
  readonly oneWay: readonly string[]
  /** Null before the first report. */
  readonly clock: ClockStatus | null
  /** Since when the confirmed configuration is not the wanted one; null when it is. */
  readonly behindSince: number | null
  /** 0 to 1. */
  readonly diskFree: number | null
  readonly memoryFree: number | null
  /** What the machine says of itself: host firewall findings and the like. */
  readonly notes: readonly { readonly code: string; readonly text: string }[]
}

// A bundle goes back by itself after 45 s, and is tried once more; sooner than that "behind" is just the way of things.
const BEHIND_MS = 60_000
const DISK_FREE_LOW = 0.05
const MEMORY_FREE_LOW = 0.05
const ORDER = Object.keys(PROBLEMS) as readonly ProblemCode[]

/** What is wrong with one node, worst first; empty when nothing is. */
export function nodeProblems(node: NodeHealth, now: number): Problem[] {
  const found: [ProblemCode, string][] = []
  if (node.state === 'removed') return []
  if (node.state === 'invited') found.push(['invited', 'has not joined yet'])
  else if (node.state === 'quarantined') found.push(['quarantined', node.quarantineReason ?? 'is quarantined'])
  else if (node.state === 'paused') found.push(['paused', 'is paused: its peers do not have it'])
  else {
    // The first of the two machines is at work and as well or ill as any; the second is kept out.
    if (node.quarantineReason !== null) found.push(['quarantined', node.quarantineReason])
    found.push(...connection(node), ...node.oneWay.map(goesOneWay), ...machine(node, now))
  }
  return found.map(([code, what]) => problem(code, node.name, what)).sort(compareProblems)
}

export function worstProblem(problems: readonly Problem[]): Problem | null {
  return problems.reduce<Problem | null>((a, b) => (a && compareProblems(a, b) <= 0 ? a : b), null)
}

function compareProblems(a: Problem, b: Problem): number {
  return ORDER.indexOf(a.code) - ORDER.indexOf(b.code) || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0)
}

function problem(code: ProblemCode, subject: string, what: string): Problem {
  return { code, subject, severity: PROBLEMS[code].severity, sentence: `${subject} ${what}`, fix: PROBLEMS[code].fix }
}

function connection({ role, reporting, tunnels, oneWay }: NodeHealth): [ProblemCode, string][] {
  const isGateway = role === 'gateway'
  if (reporting.status === 'silent' || reporting.status === 'never') {
    const silence =
      reporting.ageMs === null ? 'has never reported' : `has not reported for ${humanAge(reporting.ageMs)}`
    if (tunnels.status === 'down')
      return [[isGateway ? 'gateway-gone' : 'gone', `is gone: it ${silence}, and no other node reaches it`]]
    if (tunnels.status === 'up' || tunnels.status === 'degraded') {
      return [['silent-but-alive', `${silence}, but its tunnels are alive (${tunnels.sentence})`]]
    }
    return [['silent', silence]]
  }
  const late: [ProblemCode, string][] = reporting.status === 'late' ? [['late', `is ${reporting.sentence}`]] : []
  if (tunnels.status === 'down')
    return [[isGateway ? 'gateway-cut-off' : 'cut-off', `has no tunnel alive (${tunnels.sentence})`], ...late]
  if (tunnels.status === 'stale')
    return [['no-evidence', `reports nothing fresh of its tunnels (${tunnels.sentence})`], ...late]
  // A gateway's lost tunnels are told at the members that lost them: one sleeping laptop is no fault of the gateway.
  // Said of each by itself.
  const isOneWayOnly = oneWay.length > 0 && tunnels.counts.up + tunnels.counts['one-way'] === tunnels.total
  if (tunnels.status === 'degraded' && !isGateway && !isOneWayOnly)
    return [['tunnels-lost', `lost tunnels (${tunnels.sentence})`], ...late]
  return late
}

const goesOneWay = (reason: string): [ProblemCode, string] => ['one-way', `has a tunnel that goes one way: ${reason}`]

function machine(node: NodeHealth, now: number): [ProblemCode, string][] {
  const found: [ProblemCode, string][] = []
  // Of a machine that does not report only old numbers are known.
  if (node.reporting.status !== 'up' && node.reporting.status !== 'late') return found
  if (node.clock && node.clock.status !== 'ok') {
    found.push([
      node.clock.status === 'bad' ? 'clock-bad' : 'clock-off',
      `has a wrong clock: its ${node.clock.sentence}`,
    ])
  }
  if (node.behindSince !== null && now - node.behindSince > BEHIND_MS) {
    found.push(['behind', `has not applied the present configuration for ${humanAge(now - node.behindSince)}`])
  }
  if (node.diskFree !== null && node.diskFree < DISK_FREE_LOW)
    found.push(['disk-full', `has ${percent(node.diskFree)} of its disk left`])
  if (node.memoryFree !== null && node.memoryFree < MEMORY_FREE_LOW) {
    found.push(['memory-low', `has ${percent(node.memoryFree)} of its memory left`])
  }
  for (const note of node.notes) found.push(['note', `says: ${note.text}`])
  return found
}

const percent = (part: number): string => `${Math.floor(part * 100)} %`
