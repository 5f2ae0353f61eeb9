/**
 * The plans of before, which share all that did not change, and of which one each node has its view. So what a node holds can be
 * rendered again when it changes, and nothing of it is kept for each.
 *
 *   revision   11      12      13 (now)
 *   node       ├─ it said that it holds what 11 gives it; 12 gives the same, as a look at it found
 *              └───────┴─ 13 gives another: 12 is what the change is told against
 */
import type { Mirrored } from './read-mirrored.ts'

export type Versions = {
  add(network: Mirrored): void
  /** The network is gone. */
  drop(networkId: string): void
  /** The node said that it holds this view, and this network gives it the same. */
  holds(nodeId: string, view: string, network: Mirrored): void
  /** It was sent this view: it holds it as soon as it says so. */
  told(nodeId: string, view: string, network: Mirrored): void
  /** Out of which it has its view; undefined when that is too long ago, or before this process began. */
  of(nodeId: string, view: string, network: Mirrored): Mirrored | undefined
  forget(nodeId: string): void
}

/** A version of 10,000 nodes has some 2 MB of its own, its maps: 25 of those, or 64 of small networks. */
const MOST_NODES = 250_000
const MOST = 64

type Known = { readonly view: string; readonly revision: number }

export function createVersions(): Versions {
  const kept = new Map<string, Map<number, Mirrored>>()
  const held = new Map<string, Known>()
  const sent = new Map<string, Known>()
  return {
    add(network) {
      const { id } = network.settings
      const before = kept.get(id)
      const isSameEpoch = before?.values().next().value?.epoch === network.epoch
      const versions = (isSameEpoch && before) || new Map<number, Mirrored>()
      versions.delete(network.revision)
      versions.set(network.revision, network)
      const most = Math.max(2, Math.min(MOST, Math.floor(MOST_NODES / (network.nodes.size + 1))))
      for (const revision of versions.keys()) {
        if (versions.size <= most) break
        versions.delete(revision)
      }
      kept.set(id, versions)
    },
    drop: (networkId) => void kept.delete(networkId),
    holds: (nodeId, view, { revision }) => void held.set(nodeId, { view, revision }),
    told: (nodeId, view, { revision }) => void sent.set(nodeId, { view, revision }),
    of(nodeId, view, { settings }) {
      const known = [sent.get(nodeId), held.get(nodeId)].find((each) => each?.view === view)
      return known && kept.get(settings.id)?.get(known.revision)
    },
    forget(nodeId) {
      held.delete(nodeId)
      sent.delete(nodeId)
    },
  }
}
