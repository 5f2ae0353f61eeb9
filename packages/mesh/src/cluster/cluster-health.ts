/**
 * The third fact, with the second one in sight: a node that Kubernetes calls NotReady is mostly a node whose tunnel is gone, and the
 * operator wants to hear that, with the time, instead of "Kubelet stopped posting node status".
 */
import { humanAge } from '../health/human-age.ts'
import { REPORT_LATE_MS, type ReportingStatus } from '../health/reporting-status.ts'
import type { TunnelStatus } from '../health/tunnel-status.ts'
import type { KubeNode } from './node-status.ts'

export type ClusterMember = {
  readonly name: string
  readonly role: 'server' | 'agent'
  readonly address4: string
  /** What a server of the cluster last said of it, and when; null when no server has listed it. */
  readonly kube: KubeNode | null
  readonly kubeAt: number | null
  readonly reporting: ReportingStatus
  /** Its way to the others: the gateway that carries it, and how that tunnel is. Null for the gateway itself. */
  readonly path: { readonly gateway: string; readonly tunnel: TunnelStatus } | null
}

export type ClusterFact = {
  readonly status: 'good' | 'warn' | 'bad' | 'unknown' | 'none'
  readonly text: string
  /** When what it says was true. */
  readonly at: number | null
}

/** A server asks its API every 10 s; past four of them its word says nothing of the present. */
export const KUBE_FRESH_MS = 45_000

/** `clock` writes a time of day: "14:01 UTC". */
export function clusterFact(member: ClusterMember, now: number, clock: (at: number) => string = utcClock): ClusterFact {
  const { kube, kubeAt } = member
  if (!kube || kubeAt === null) return { status: 'none', text: 'not in Kubernetes yet', at: null }
  if (Math.abs(now - kubeAt) > KUBE_FRESH_MS) {
    return {
      status: 'unknown',
      text: `not known: no server has spoken of it for ${humanAge(Math.abs(now - kubeAt))}; then it was ${word(kube)}`,
      at: kubeAt,
    }
  }
  if (kube.ready === 'True') return ready(member, kube, kubeAt, now)
  return { status: 'bad', text: `NotReady ${because(member, kube, now, clock)}`, at: kubeAt }
}

function ready(
  { address4, path, role, reporting }: ClusterMember,
  kube: KubeNode,
  at: number,
  now: number,
): ClusterFact {
  if (!kube.internalIps.includes(address4)) {
    const got = kube.internalIps.length === 0 ? 'no INTERNAL-IP' : `INTERNAL-IP ${kube.internalIps.join(', ')}`
    return {
      status: 'bad',
      text: `Ready, but with ${got} instead of its overlay address ${address4}: others reach it past the tunnel or not at all`,
      at,
    }
  }
  // Kubernetes waits 40 s for a kubelet; the tunnel is known to be dead after 11.
  if (path && path.tunnel.status === 'down' && reporting.status !== 'up') {
    return {
      status: 'warn',
      text: `still Ready, but its only path, through ${path.gateway}, ${stopped(path.tunnel, now)}: Kubernetes notices after 40 s`,
      at,
    }
  }
  if (kube.isUnschedulable) return { status: 'warn', text: 'Ready, cordoned: no new pods are put on it', at }
  if (role === 'server' && !kube.isControlPlane)
    return { status: 'warn', text: 'Ready, but Kubernetes does not call it a control plane', at }
  const pods = kube.podRanges.length === 0 ? ', without a pod range yet' : ''
  return { status: pods === '' ? 'good' : 'warn', text: `Ready, seen ${humanAge(now - at)} ago${pods}`, at }
}

function because(
  { path, reporting, name }: ClusterMember,
  kube: KubeNode,
  now: number,
  clock: (at: number) => string,
): string {
  const since = kube.since === null ? '' : ` since ${clock(kube.since)}`
  const tunnel = path?.tunnel
  if (path && tunnel && (tunnel.status === 'down' || tunnel.status === 'one-way')) {
    const when = tunnel.sinceAt === null ? '' : ` at ${clock(tunnel.sinceAt)}`
    const how =
      tunnel.status === 'one-way'
        ? `carries one way only${when === '' ? '' : ` since ${clock(tunnel.sinceAt ?? now)}`}`
        : `stopped answering${when}`
    return `because its only path, through ${path.gateway}, ${how}`
  }
  if (reporting.status === 'silent' || reporting.status === 'never') {
    const silence = reporting.ageMs === null ? 'never reported' : `has not reported for ${humanAge(reporting.ageMs)}`
    if (tunnel?.status === 'up')
      return `${since.trim()} although its tunnel carries: ${name} ${silence}, so k3s there is likely stopped`.trim()
    return `${since.trim()}: ${name} ${silence}, and nothing is known of its tunnel`.trim()
  }
  const age =
    reporting.ageMs !== null && reporting.ageMs <= REPORT_LATE_MS ? ', although it reports and its tunnel carries' : ''
  if (kube.ready === 'Unknown')
    return `${since.trim()}: its kubelet has stopped speaking to the API${age}; look at k3s there`.trim()
  return `${since.trim()}: kubelet says ${kube.reason ?? 'nothing more'}${age}`.trim()
}

const stopped = ({ sinceAt }: TunnelStatus, now: number): string =>
  sinceAt === null ? 'does not answer' : `stopped answering ${humanAge(now - sinceAt)} ago`

const word = ({ ready }: KubeNode): string => (ready === 'True' ? 'Ready' : 'NotReady')

/** Its zone stands with it: readers are in others. */
const utcClock = (at: number): string => `${new Date(at).toISOString().slice(11, 16)} UTC`

/** k3s renews its certificates at a start when fewer than 120 days are left, and they live a year: a cluster nobody restarts runs out. */
export function certificateFact(endsAt: number, now: number): ClusterFact {
  const left = endsAt - now
  const days = Math.floor(left / 86_400_000)
  if (left <= 0)
    return {
      status: 'bad',
      text: `certificates ended ${humanAge(-left)} ago: restart k3s on the servers, one after the other`,
      at: now,
    }
  if (days < 14)
    return {
      status: 'bad',
      text: `certificates end in ${humanAge(left)}: restart k3s on the servers, one after the other`,
      at: now,
    }
  if (days < 60) return { status: 'warn', text: `certificates end in ${days} d; a restart of k3s renews them`, at: now }
  return { status: 'good', text: `certificates end in ${days} d`, at: now }
}
