import { checkNames } from './check-names.ts'
import { type ClusterWarning, clusterWarnings } from './cluster-warnings.ts'
import { diffPolicies, type PolicyDiff } from './diff-policies.ts'
import { compareFindings, type Finding } from './finding.ts'
import { type AccessPlan, planAccess } from './plan-access.ts'
import { OPEN_POLICY } from './policy.ts'
import { readPolicy } from './read-policy.ts'
import { runTests, type TestResult, testFindings } from './run-tests.ts'
import type { World } from './world.ts'

export type PolicyCheck = {
  /** Null when it cannot be read, or names what is not there. */
  readonly plan: AccessPlan | null
  readonly errors: readonly Finding[]
  readonly warnings: readonly Finding[]
  readonly tests: readonly TestResult[]
  readonly diff: PolicyDiff
  readonly cluster: readonly ClusterWarning[]
}

const NO_DIFF: PolicyDiff = { gained: [], lost: [], more: { gained: 0, lost: 0 } }

/** Everything that a person is told of a text before it is saved, against the plan that holds (null: everything is allowed). */
export function checkPolicy(text: string, world: World, before: AccessPlan | null): PolicyCheck {
  const { policy, findings } = readPolicy(text)
  const found = [...findings, ...(policy ? checkNames(policy, world) : [])].sort(compareFindings)
  const errors = found.filter(({ severity }) => severity === 'error')
  const warnings = found.filter(({ severity }) => severity === 'warning')
  if (!policy || errors.length > 0) return { plan: null, errors, warnings, tests: [], diff: NO_DIFF, cluster: [] }
  const plan = planAccess(policy, world)
  const tests = runTests(plan)
  const idle = testFindings(tests).filter(({ severity }) => severity === 'warning')
  return {
    plan,
    errors,
    warnings: [...warnings, ...idle].sort(compareFindings),
    tests,
    diff: diffPolicies(before ?? planAccess(OPEN_POLICY, world), plan),
    cluster: clusterWarnings(plan, world),
  }
}
