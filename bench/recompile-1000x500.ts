import { planAccess } from '@spanwire/mesh/policy/plan-access'
import { accessNode, accessPolicy, accessWorld } from './access-sample.ts'
import { copyBare, policyOf, renderAll } from './compile-1000x500.ts'
import { type Measurement, median } from './measurement.ts'
import type { Stage } from './stage.ts'

const ROUNDS = 31

/**
 * One node joins the thousand: the plan again, and the rules of that node as text. The tables of the others are kept; where a rule names the
 * tags of the one that joined, their text is written anew when they are next asked for. The reference parses that many rows as plain
 * JSON and copies the text.
 */
export async function recompile1000x500(stage: Stage): Promise<Measurement> {
  stage.say('one node joins 1,000 with 500 rules')
  const policy = policyOf(accessPolicy)
  const times: number[] = []
  const references: number[] = []
  let [world, before] = [accessWorld, planAccess(policy, accessWorld)]
  renderAll(before, world)
  for (let round = 0; round < ROUNDS; round++) {
    const node = accessNode(1001 + round)
    world = { ...world, nodes: [...world.nodes, node] }
    const begun = performance.now()
    before = planAccess(policy, world, before)
    const texts = renderAll(before, { nodes: [node] })
    times.push(performance.now() - begun)
    references.push(copyBare('{}', world, texts))
  }
  return { value: median(times), unit: 'ms', reference: median(references) }
}
