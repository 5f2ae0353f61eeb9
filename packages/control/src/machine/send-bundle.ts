import { bundleDelta } from '@spanwire/mesh/protocol/bundle-delta'
import { type BundleFile, bundleFiles } from '@spanwire/mesh/protocol/render-bundle'
import { type Answer, bundle, delta } from './answer.ts'
import { bundleTar } from './bundle-tar.ts'
import type { Machine } from './machine.ts'
import type { MachineNode } from './network-rows.ts'
import type { Mirrored } from './read-mirrored.ts'
import { sha256hex } from './sha256.ts'

type Options = {
  /** Only with the answer to an enrolment. */
  readonly tombstone?: string
  /** The view that the node holds, when it can make a bundle of that and what changed. */
  readonly held?: string | null
}

/** What a node is to have: whole, or what differs from what it holds. */
export function sendBundle(machine: Machine, network: Mirrored, node: MachineNode, options: Options = {}): Answer {
  const { tombstone = null, held = null } = options
  const { mirror } = machine
  const { epoch, revision } = network
  const files = bundleFiles(mirror.rendering(network, node), { epoch, revision, tombstone }, sha256hex)
  const changed = held === null ? null : changedSince(mirror.held(network, node, held), files, held)
  return changed === null ? bundle(bundleTar(files)) : delta(changed)
}

function changedSince(before: ReturnType<Machine['mirror']['held']>, files: BundleFile[], view: string): string | null {
  if (!before) return null
  // In `meta`, and in its sum, stands which revision it was: the one is told whole in each delta, and the other with it.
  const old = bundleFiles(before, { epoch: 0, revision: 0, tombstone: null }, sha256hex)
  return bundleDelta(old, files, view, sha256hex)
}
