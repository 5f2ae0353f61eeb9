import { inputsOf } from '@spanwire/mesh/paths/inputs-of'
import { plan } from '@spanwire/mesh/paths/plan'
import { type Measurement, median } from './measurement.ts'
import { pathsSample, sampleMember } from './paths-sample.ts'
import type { Stage } from './stage.ts'

const ROUNDS = 31
const SIZE = { members: 4_980, gateways: 20, sites: 100 }

/**
 * One node joins 5,000 in 100 sites: the plan again, and which of them must know. The reference walks all rows once by JSON: it is what
 * reading them costs when nothing is kept.
 */
export async function replan5000(stage: Stage): Promise<Measurement> {
  stage.say('one node joins 5,000')
  let rows = pathsSample('sites', SIZE)
  let before = plan(rows)
  let inputs = new Map(rows.nodes.map(({ id }) => [id, inputsOf(before, id)]))
  const times: number[] = []
  const references: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const joined = sampleMember(SIZE.members + round, SIZE)
    rows = { ...rows, nodes: [...rows.nodes, joined] }
    const begun = performance.now()
    const after = plan(rows, before)
    const known = inputs
    inputs = new Map(rows.nodes.map(({ id }) => [id, inputsOf(after, id)]))
    const told = rows.nodes.filter(({ id }) => !sameItems(known.get(id) ?? [], inputs.get(id) ?? []))
    times.push(performance.now() - begun)
    // All gateways, the node itself, and its neighbours in the site.
    if (told.length < SIZE.gateways + 1 || told.length > SIZE.gateways + 60) throw new Error(`${told.length} were told`)
    const json = JSON.stringify(rows)
    const parsing = performance.now()
    JSON.parse(json)
    references.push(performance.now() - parsing)
    before = after
  }
  return { value: median(times), unit: 'ms', reference: median(references) }
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i])
