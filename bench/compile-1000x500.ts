import { type AccessPlan, planAccess } from '@spanwire/mesh/policy/plan-access'
import type { Policy } from '@spanwire/mesh/policy/policy'
import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { renderAccess } from '@spanwire/mesh/policy/render-access'
import type { World } from '@spanwire/mesh/policy/world'
import { accessPolicy, accessWorld } from './access-sample.ts'
import { type Measurement, median } from './measurement.ts'
import type { Stage } from './stage.ts'

const ROUNDS = 7

/**
 * From the text of a policy of 500 rules and the rows of 1,000 nodes to the rules of each as text. The reference parses the same policy and
 * rows as plain JSON and copies as much text.
 */
export async function compile1000x500(stage: Stage): Promise<Measurement> {
  stage.say('compiling 500 rules for 1,000 nodes')
  const times: number[] = []
  const references: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now()
    const texts = renderAll(planAccess(policyOf(accessPolicy), accessWorld), accessWorld)
    times.push(performance.now() - begun)
    references.push(copyBare(accessPolicy, accessWorld, texts))
  }
  return { value: median(times), unit: 'ms', reference: median(references) }
}

export function policyOf(text: string): Policy {
  const { policy } = readPolicy(text)
  if (!policy) throw new Error('the sample is a policy')
  return policy
}

/** As bytes, since that is how they leave. */
export const renderAll = (plan: AccessPlan, { nodes }: Pick<World, 'nodes'>): Buffer[] =>
  nodes.map(({ id }) => Buffer.from(renderAccess(plan, id, 'span0') ?? ''))

export function copyBare(policy: string, rows: unknown, texts: readonly Buffer[]): number {
  const [json, strings] = [JSON.stringify(rows), texts.map((text) => text.toString())]
  const begun = performance.now()
  JSON.parse(policy)
  JSON.parse(json)
  for (const text of strings) Buffer.from(text)
  return performance.now() - begun
}
