import { type AccessPlan, planAccess } from '../plan-access.ts'
import { readPolicy } from '../read-policy.ts'
import type { World } from '../world.ts'
import { sampleWorld } from './sample-network.ts'

/** The plan of a policy's text, which has to be without an error. */
export function planOf(text: string, world: World = sampleWorld): AccessPlan {
  const { policy, findings } = readPolicy(text)
  if (!policy) throw new Error(findings.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return planAccess(policy, world)
}
