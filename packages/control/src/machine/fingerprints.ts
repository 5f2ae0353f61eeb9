import { formatPrefix } from '@spanwire/mesh/ip/prefix'
import { inputsOf } from '@spanwire/mesh/paths/inputs-of'
import type { JoinedNode } from '@spanwire/mesh/paths/network-input'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import { type Extras, type ServerFacts, viewFingerprint } from '@spanwire/mesh/protocol/render-bundle'
import { sha256hex } from './sha256.ts'

/**
 * Fingerprints, kept until something that they are made of is another object (mesh/paths/inputs-of.ts), or the network's settings are
 * others. So a change costs whoever it is about, not everybody.
 */
export function createFingerprints(
  server: ServerFacts,
): (network: NetworkPlan, node: JoinedNode, extras: Extras) => string {
  type Kept = { readonly settings: string; readonly inputs: readonly unknown[]; readonly fingerprint: string }
  const kept = new WeakMap<JoinedNode, Kept>()
  const settingsOf = new WeakMap<NetworkPlan, string>()

  return (network, node, extras) => {
    let settings = settingsOf.get(network)
    if (settings === undefined) {
      settings = JSON.stringify([network.settings, [...network.clusterRanges, ...network.refused].map(formatPrefix)])
      settingsOf.set(network, settings)
    }
    const inputs = [extras, ...inputsOf(network, node.id)]
    const before = kept.get(node)
    if (before?.settings === settings && sameItems(before.inputs, inputs)) return before.fingerprint
    const view = nodeView(network, node.id)
    if (!view) throw new Error(`${node.id} is not in its plan`)
    const fingerprint = viewFingerprint(view, server, sha256hex, extras)
    kept.set(node, { settings, inputs, fingerprint })
    return fingerprint
  }
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i])
