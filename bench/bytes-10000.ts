import { bundleTar } from '@spanwire/control/machine/bundle-tar'
import { sha256hex } from '@spanwire/control/machine/sha256'
import { inputsOf } from '@spanwire/mesh/paths/inputs-of'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import { type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import { bundleDelta } from '@spanwire/mesh/protocol/bundle-delta'
import { bundleFiles, type Extras, renderView, type ServerFacts } from '@spanwire/mesh/protocol/render-bundle'
import type { Measurement } from './measurement.ts'
import { pathsSample, sampleMember } from './paths-sample.ts'
import type { Stage } from './stage.ts'

const SIZE = { members: 9_800, gateways: 200, sites: 200 }
/** A key and its addresses: what one node has to be told of another. */
const NEWS_BYTES = 50

/**
 * One machine joins 10,000 nodes in 200 sites: what all others are sent, by the functions that the server sends it with, divided by all.
 * Beside it, what a line of news for each of them would be.
 */
export async function bytes10000(stage: Stage): Promise<Measurement> {
  stage.say('one machine joins 10,000: what the others are told')
  const rows = pathsSample('sites', SIZE)
  const before = plan(rows)
  const after = plan({ ...rows, nodes: [...rows.nodes, sampleMember(SIZE.members, SIZE)] }, before)
  let [told, bytes, whole] = [0, 0, 0]
  for (const { id } of rows.nodes) {
    if (sameItems(inputsOf(before, id), inputsOf(after, id))) continue
    const [old, now] = [filesOf(before, id, 1), filesOf(after, id, 2)]
    if (old.view === now.view) continue
    const tar = bundleTar(now.files).length
    const delta = bundleDelta(old.files, now.files, old.view, sha256hex)
    told++
    bytes += HEAD_BYTES + (delta?.length ?? tar)
    whole += HEAD_BYTES + tar
  }
  const all = rows.nodes.length
  stage.say(
    `${told} of ${all} are told: ${Math.round(bytes / told)} bytes each, whole bundles ${Math.round(whole / all)} a node`,
  )
  return { value: bytes / all, unit: 'bytes/node', reference: NEWS_BYTES }
}

/** Of an answer of the server: status, the protocol's header, type, length, date, connection. */
const HEAD_BYTES = 250

function filesOf(network: NetworkPlan, id: string, revision: number) {
  const view = nodeView(network, id)
  if (!view) throw new Error(`${id} is not in its plan`)
  const rendering = renderView(view, SERVER, sha256hex, EXTRAS)
  const files = bundleFiles(rendering, { epoch: 1, revision, tombstone: null }, sha256hex)
  return { files, view: rendering.fingerprint }
}

const SHA256 = 'a'.repeat(64)
const SERVER: ServerFacts = {
  script: { version: '0.1.0', sha256: SHA256 },
  servers: [{ url: 'https://spanwire.example.org', pin: null }],
}
const EXTRAS: Extras = {
  ...{ part: null, files: [], requests: [] },
  paths: { name: 'paths', version: '0.1.0', sha256: SHA256 },
  delta: { name: 'delta', version: '0.1.0', sha256: SHA256 },
  status: { name: 'status', version: '0.1.0', sha256: SHA256 },
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i])
