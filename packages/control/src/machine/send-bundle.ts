import { nodeView } from '@spanwire/mesh/paths/node-view'
import { renderBundle } from '@spanwire/mesh/protocol/render-bundle'
import { type Answer, bundle } from './answer.ts'
import { bundleTar } from './bundle-tar.ts'
import type { Machine } from './machine.ts'
import type { Mirrored } from './read-mirrored.ts'
import { sha256hex } from './sha256.ts'

/** The whole of what a node is to have. `tombstone` goes only with the answer to an enrolment. */
export function sendBundle(
  machine: Machine,
  network: Mirrored,
  nodeId: string,
  tombstone: string | null = null,
): Answer {
  const view = nodeView(network.plan, nodeId)
  if (!view) throw new Error(`${nodeId} has joined and is not in its plan`)
  const { epoch, revision } = network
  return bundle(
    bundleTar(
      renderBundle(
        view,
        machine.server,
        { epoch, revision, tombstone },
        sha256hex,
        machine.mirror.extras(network, nodeId),
      ),
    ),
  )
}
