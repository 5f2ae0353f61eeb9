import type { StagedKey } from '@spanwire/mesh/keys/with-staged'
import type { NetworkPlan } from '@spanwire/mesh/paths/plan'
import { type Extras, NO_EXTRAS } from '@spanwire/mesh/protocol/render-bundle'
import type { KeysExtras } from '@spanwire/mesh/protocol/render-keys'
import { peersOfNode, type RunningRotation, stagedKeys } from './rotation-rows.ts'

/** Puts the orders of running rotations into what the nodes are to have that they concern, and into nobody else's. */
export function addKeyExtras(
  extras: Map<string, Extras>,
  network: NetworkPlan,
  rotations: readonly RunningRotation[],
  part: KeysExtras['part'],
): void {
  const own = new Map<string, KeysExtras['own']>()
  const staged = new Map<string, StagedKey[]>()
  for (const rotation of rotations) {
    const node = network.nodes.get(rotation.nodeId)
    if (!node) continue
    const order = rotation.state === 'switching' ? 'switch' : 'make'
    own.set(node.id, { id: rotation.id, order, kinds: rotation.wantsDirect ? ['main', 'direct'] : ['main'] })
    const keys = stagedKeys(node, rotation)
    if (keys.length === 0) continue
    for (const { id } of peersOfNode(network, node)) staged.set(id, [...(staged.get(id) ?? []), ...keys])
  }
  for (const id of new Set([...own.keys(), ...staged.keys()])) {
    const keys = { part, own: own.get(id) ?? null, staged: staged.get(id) ?? [] }
    extras.set(id, { ...(extras.get(id) ?? NO_EXTRAS), keys })
  }
}

/** For a script from before the rotation of keys, which would refuse the file. */
export function withoutKeys(extras: Extras): Extras {
  if (!extras.keys) return extras
  const known = stripped.get(extras)
  if (known) return known
  const { keys: _, ...rest } = extras
  stripped.set(extras, rest)
  return rest
}

/** The same object for the same, by which fingerprints know that nothing changed. */
const stripped = new WeakMap<Extras, Extras>()
