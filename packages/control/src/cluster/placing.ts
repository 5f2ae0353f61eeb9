/**
 * Labels and taints of nodes that have registered: set in Kubernetes by a server of the cluster, when they are other than what it was
 * given before. What each registered with is noted when its k3s runs, and stays in its file.
 */
import { type Placement, placementOf, placementWords } from '@spanwire/mesh/cluster/placement'
import type { Wish } from './ask-nodes.ts'
import type { ClusterNodeRow } from './cluster-row.ts'
import type { MemberRecord } from './read-cluster.ts'
import { serverFor } from './removal-wishes.ts'
import { placeOfSite } from './site-place.ts'

export type Labelling = {
  /** What Kubernetes has of us. */
  readonly given: Placement
  /** What it is being given. */
  readonly asked: Placement | null
  readonly state: 'waiting' | 'asked' | 'done' | 'failed'
  readonly text: string
  readonly at: string
}

export type PlacingWish = Wish & { readonly placement: Placement }

/** A server may have been away, or Kubernetes busy. */
const AGAIN_MS = 60_000

export function placingWishes(members: readonly MemberRecord[], now: number): PlacingWish[] {
  const server = serverFor(members, null, now)
  if (!server) return []
  return members.flatMap((member): PlacingWish[] => {
    const { labelling, seen, removal, nodeId, kubernetesName } = member
    const words = placingWords(member)
    const isBusy =
      labelling?.state === 'asked' || (labelling?.state === 'failed' && now - Date.parse(labelling.at) < AGAIN_MS)
    if (words.length === 0 || seen === null || removal !== null || isBusy) return []
    const args = [kubernetesName, ...words]
    return [{ nodeId: server.nodeId, kind: 'k3s-label', args, forNodeId: nodeId, placement: wantedPlacement(member) }]
  })
}

export function wantedPlacement(
  member: Pick<MemberRecord, 'labels' | 'taints' | 'siteName' | 'zone' | 'region'>,
): Placement {
  return placementOf({ labels: member.labels, taints: member.taints, ...placeOfSite(member) })
}

/** Null while all is as it was when the node registered, and before. */
export function labellingRow(member: MemberRecord): ClusterNodeRow['labelling'] {
  const { labelling } = member
  const isDue = placingWords(member).length > 0
  if (!isDue && labelling?.state !== 'done') return null
  if (labelling && labelling.state !== 'waiting' && (labelling.state !== 'done' || !isDue)) {
    const { state, text, at } = labelling
    return { state, text: state === 'failed' ? `${text}; it is tried again each minute` : text, at }
  }
  const text = member.seen === null ? 'Kubernetes does not list the node yet' : 'waits for a server of the cluster'
  return { state: 'waiting', text, at: null }
}

function placingWords(member: MemberRecord): string[] {
  if (member.registered === null) return []
  return placementWords(member.labelling?.given ?? member.registered, wantedPlacement(member))
}
