/**
 * How a trial of a policy goes: who was well when it began must be well under the new rules, or all return. A function of what is known
 * at a moment; each server asks it every few seconds, and nodes return by themselves when they hear nothing.
 *
 *  start      a node says "on"       +10 s                    start + 60 s                     deadline
 *    |------ is waited for ------|--- settles ---|--- confirmed once all are well -----|            (the same, unless a person is asked)
 *                                                                     not all well: all return
 *    a person is asked:                              waits for them --------------------------------|-- nobody said so: all return
 *
 * Where nodes were Ready in Kubernetes it is judged when the 60 s are over and not before. That is too early for Kubernetes, which calls a
 * node NotReady 50 s after its last lease (40 s before 1.32), and the list of nodes is 20 s old at times: so each kubelet must have renewed
 * its lease, as it does every 10 s, since the last of the machines had the rules.
 */
import { humanAge } from '../health/human-age.ts'
import { REPORT_FRESH_MS } from '../health/reporting-status.ts'

export type WatchedNode = { readonly id: string; readonly name: string; readonly wasReady: boolean }

export type Trial = {
  readonly startedAt: number
  readonly deadlineAt: number
  readonly needsConfirm: boolean
}

/** What is known of a node at this moment. */
export type NodeOnTrial = {
  /** What it said of the trial, and since when. */
  readonly says: { readonly state: 'on' | 'returned'; readonly at: number; readonly why?: string | null } | null
  readonly reportedAt: number | null
  /** When a tunnel of it was last proven, null without one; `isUp` as it must be for its role. */
  readonly tunnels: { readonly isUp: boolean; readonly evidenceAt: number | null; readonly sentence: string }
  /** As its cluster has it; null where it is in none. */
  readonly kube: {
    readonly isReady: boolean
    readonly seenAt: number
    /** Its kubelet has spoken to the cluster at this moment or later; null where its servers do not tell. */
    readonly heardSince: number | null
    readonly reason: string | null
  } | null
}

export type NodeVerdict = { readonly id: string; readonly name: string; readonly ok: boolean; readonly text: string }

export type TrialVerdict = {
  readonly next: 'wait' | 'confirm' | 'return'
  /** A sentence: what it waits for, or why it ends. */
  readonly reason: string
  readonly nodes: readonly NodeVerdict[]
  readonly allWell: boolean
}

/** Within so many the nodes have to be well again. */
export const WELL_WITHIN_MS = 60_000
const SETTLE_MS = 10_000
/** So much later than it was made a busy machine's report may arrive, and be taken for as young as that. */
const BUSY_MS = 10_000
/** The server looks every three seconds; later than this it was away. */
const LATE_MS = 15_000

/** `known` has no entry for who is gone, or at work no more: nobody waits for them. */
export function judgeTrial(
  trial: Trial,
  watched: readonly WatchedNode[],
  known: ReadonlyMap<string, NodeOnTrial>,
  now: number,
): TrialVerdict {
  const there = watched.filter(({ id }) => known.has(id))
  // Each judges what comes to it, so all must have the rules before somebody can be said to live under them.
  const allOnAt = Math.max(0, ...there.map(({ id }) => known.get(id)?.says?.at ?? 0))
  const nodes = there.map((node) => judgeNode(node, known.get(node.id) as NodeOnTrial, allOnAt, now))
  const bad = nodes.filter(({ ok }) => !ok)
  const wellBy = Math.min(trial.deadlineAt, trial.startedAt + WELL_WITHIN_MS)
  const isEarly = there.some(({ wasReady }) => wasReady) && now < wellBy
  const allWell = bad.length === 0 && !isEarly
  const verdict = (next: TrialVerdict['next'], reason: string): TrialVerdict => ({ next, reason, nodes, allWell })
  if (now > trial.deadlineAt + LATE_MS)
    return verdict('return', 'The server was away when the time was over, so every machine went back by itself.')
  const back = there.find(({ id }) => known.get(id)?.says?.state === 'returned')
  if (back) {
    const why = known.get(back.id)?.says?.why
    return verdict(
      'return',
      `${back.name} could not keep the rules and went back to those before${why ? `: ${why.replace(/[.\s]+$/, '')}` : ''}.`,
    )
  }
  if (bad.length > 0) {
    if (now >= wellBy) return verdict('return', `${sentenceOf(bad)} So all went back to the rules before.`)
    return verdict('wait', `${there.length - bad.length} of ${there.length} machines are well. ${sentenceOf(bad)}`)
  }
  if (isEarly)
    return verdict('wait', 'All machines are well. Kubernetes needs up to a minute to notice what it does not hear.')
  if (trial.needsConfirm) {
    if (now < trial.deadlineAt) return verdict('wait', 'All machines are well. It waits for a person to confirm.')
    const window = humanAge(trial.deadlineAt - trial.startedAt)
    return verdict('return', `Nobody confirmed it within ${window}, so all went back to the rules before.`)
  }
  if (there.some(({ wasReady }) => wasReady) && now < wellBy)
    return verdict('wait', 'All machines are well. Kubernetes needs up to a minute to notice what it does not hear.')
  return verdict(
    'confirm',
    there.length === 0 ? 'No machine had to try it.' : `${countOf(there.length)} well under it.`,
  )
}

function judgeNode(node: WatchedNode, known: NodeOnTrial, allOnAt: number, now: number): NodeVerdict {
  const fault = faultOf(node, known, allOnAt, now)
  const kube = node.wasReady ? ', Ready in Kubernetes' : ''
  return { id: node.id, name: node.name, ok: fault === null, text: fault ?? `well: ${known.tunnels.sentence}${kube}` }
}

function faultOf(
  { wasReady }: WatchedNode,
  { says, reportedAt, tunnels, kube }: NodeOnTrial,
  allOnAt: number,
  now: number,
): string | null {
  if (says === null) return 'has not said that it runs the rules on trial'
  if (says.state === 'returned') return 'went back to the rules before'
  const isHeard = reportedAt !== null && reportedAt > says.at
  if (now < says.at + SETTLE_MS || (!isHeard && now - says.at <= REPORT_FRESH_MS))
    return `runs them for ${humanAge(now - says.at)}, and is watched a little longer`
  if (!isHeard || now - reportedAt > REPORT_FRESH_MS)
    return `runs them, and has not been heard for ${humanAge(now - (isHeard ? reportedAt : says.at))}`
  if (!tunnels.isUp) return `has tunnels that fail: ${tunnels.sentence}`
  if (tunnels.evidenceAt !== null && tunnels.evidenceAt < says.at)
    return 'has no tunnel that was heard under these rules yet'
  if (!wasReady) return null
  if (kube === null || kube.seenAt < allOnAt) return 'has not been seen by a server of its cluster since'
  if (!kube.isReady) return `was Ready in Kubernetes and is not${kube.reason === null ? '' : `: ${kube.reason}`}`
  if (kube.heardSince !== null && kube.heardSince < allOnAt + BUSY_MS)
    return 'is not heard by Kubernetes any more: its kubelet has renewed no lease under these rules'
  return null
}

function sentenceOf(bad: readonly NodeVerdict[]): string {
  const [first, ...others] = bad
  if (!first) return ''
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return `${first.name} ${first.text}${more}.`
}

const countOf = (count: number): string => (count === 1 ? 'The machine is' : `All ${count} machines are`)
