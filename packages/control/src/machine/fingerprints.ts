import { formatPrefix } from '@spanwire/mesh/ip/prefix'
import { inputsOf } from '@spanwire/mesh/paths/inputs-of'
import type { JoinedNode } from '@spanwire/mesh/paths/network-input'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import { type Extras, type Rendering, renderView, type ServerFacts } from '@spanwire/mesh/protocol/render-bundle'
import { createRenderings } from './renderings.ts'
import { sha256hex } from './sha256.ts'

/**
 * Fingerprints, kept until something that they are made of is another object (mesh/paths/inputs-of.ts), or the network's settings are
 * others. So a change costs whoever it is about, not everybody.
 */
export type Fingerprints = {
  of(network: NetworkPlan, node: JoinedNode, extras: Extras): string
  /** What has this fingerprint, or did when the network was this. */
  rendering(network: NetworkPlan | undefined, nodeId: string, extras: Extras, fingerprint: string): Rendering | null
}

export function createFingerprints(server: ServerFacts): Fingerprints {
  type Kept = { readonly settings: string; readonly inputs: readonly unknown[]; readonly fingerprint: string }
  const kept = new WeakMap<JoinedNode, Kept>()
  const settingsOf = new WeakMap<NetworkPlan, string>()
  const renderings = createRenderings()

  function render(network: NetworkPlan, nodeId: string, extras: Extras): Rendering | null {
    const view = nodeView(network, nodeId)
    if (!view) return null
    const rendering = renderView(view, server, sha256hex, extras)
    renderings.put(nodeId, rendering)
    return rendering
  }

  return {
    of(network, node, extras) {
      let settings = settingsOf.get(network)
      if (settings === undefined) {
        settings = JSON.stringify([network.settings, [...network.clusterRanges, ...network.refused].map(formatPrefix)])
        settingsOf.set(network, settings)
      }
      const inputs = [extras, ...inputsOf(network, node.id)]
      const before = kept.get(node)
      if (before?.settings === settings && sameItems(before.inputs, inputs)) return before.fingerprint
      const rendering = render(network, node.id, extras)
      if (!rendering) throw new Error(`${node.id} is not in its plan`)
      const { fingerprint } = rendering
      kept.set(node, { settings, inputs, fingerprint })
      return fingerprint
    },
    rendering(network, nodeId, extras, fingerprint) {
      const known = renderings.get(nodeId, fingerprint)
      if (known) return known
      const made = network ? render(network, nodeId, extras) : null
      return made?.fingerprint === fingerprint ? made : null
    },
  }
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i])
