import { createHash } from 'node:crypto'
import { nodeView } from '@spanwire/mesh/paths/node-view'
import { type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import { type Extras, renderBundle, type ServerFacts } from '@spanwire/mesh/protocol/render-bundle'
import { copyBare } from './compile-1000x500.ts'
import { type Measurement, median } from './measurement.ts'
import { pathsSample } from './paths-sample.ts'
import type { Stage } from './stage.ts'

const ROUNDS = 5

/** From the rows of a mesh of 1,000 to the bundle of each. The reference parses the rows as plain JSON and copies as much text. */
export async function plan1000Mesh(stage: Stage): Promise<Measurement> {
  stage.say('planning a mesh of 1,000 nodes')
  const rows = pathsSample('mesh', { members: 996, gateways: 4, sites: 50 })
  const times: number[] = []
  const references: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    const network = plan(rows)
    const texts = rows.nodes.flatMap(({ id }) => bundleTexts(network, id))
    times.push(performance.now() - begun)
    references.push(copyBare('{}', rows, texts))
  }
  return { value: median(times), unit: 'ms', reference: median(references) }
}

/** As bytes, since that is how they leave. */
export function bundleTexts(network: NetworkPlan, id: string): Buffer[] {
  const view = nodeView(network, id)
  if (!view) throw new Error(`${id} is in the sample`)
  return renderBundle(view, SERVER, { epoch: 1, revision: 1, tombstone: null }, sha256hex, EXTRAS).map(({ text }) =>
    Buffer.from(text),
  )
}

const sha256hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const HASH = sha256hex('')
const SERVER: ServerFacts = {
  script: { version: '0.1.0', sha256: HASH },
  servers: [{ url: 'https://spanwire.example', pin: null }],
}
const EXTRAS: Extras = { part: null, files: [], requests: [], paths: { name: 'paths', version: '0.1.0', sha256: HASH } }
