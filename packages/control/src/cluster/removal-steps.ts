/**
 * How a machine leaves its cluster, in this order, each step a fact with its time:
 *
 *   cordon ─ drain ─ delete ─ password ─ uninstall
 *   '------------ by a server -----------' '- by the machine itself, then, if it was asked for, off the network
 *
 * A step that failed stops the rest; the operator repeats it, or goes on without it when it cannot succeed.
 */
import type { RequestKind } from '@spanwire/mesh/protocol/request-kinds'
import type { RemovalStepName } from './cluster-row.ts'
import type { Removal, RemovalFact } from './read-cluster.ts'

export type RemovalStep = {
  readonly step: Exclude<RemovalStepName, 'leave'>
  readonly title: string
  readonly kind: RequestKind
  readonly on: 'server' | 'node'
  args(kubernetesName: string): string[]
}

/** As long as the pods of the node may take to end. */
export const DRAIN_SECONDS = 300

export const REMOVAL_STEPS: readonly RemovalStep[] = [
  { step: 'cordon', title: 'No new pods', kind: 'k3s-cordon', on: 'server', args: (name) => [name] },
  {
    step: 'drain',
    title: `Pods moved elsewhere, ${DRAIN_SECONDS} s at most`,
    kind: 'k3s-drain',
    on: 'server',
    args: (name) => [name, String(DRAIN_SECONDS)],
  },
  { step: 'delete', title: 'Kubernetes node deleted', kind: 'k3s-delete-node', on: 'server', args: (name) => [name] },
  {
    step: 'password',
    title: 'Its password forgotten',
    kind: 'k3s-forget-password',
    on: 'server',
    args: (name) => [name],
  },
  { step: 'uninstall', title: 'k3s off the machine', kind: 'k3s-uninstall', on: 'node', args: () => [] },
]

/** When the operator wants it off the network too: kept with the facts, done when all the others are behind. */
export const LEAVE_STEP = { step: 'leave', title: 'Off the network' } as const

export const isBehind = (fact: RemovalFact | undefined): boolean => fact?.state === 'done' || fact?.state === 'skipped'

/** Null when nothing is to be asked: no removal, a failed step that waits for the operator, or all done. */
export function nextRemovalStep(removal: Removal | null): RemovalStep | null {
  if (removal === null) return null
  const next = REMOVAL_STEPS.find(({ step }) => !isBehind(removal[step]))
  return next && removal[next.step]?.state !== 'failed' ? next : null
}
