import { expect, test } from 'vitest'
import guide from '../../../../docs/access.md?raw'
import { checkNames } from './check-names.ts'
import { clusterWarnings } from './cluster-warnings.ts'
import { readPolicy } from './read-policy.ts'
import { runTests } from './run-tests.ts'
import { OTHER_SECTIONS } from './sections.ts'
import { NAMED_KINDS } from './selector.ts'
import { planOf } from './testing/plan-of.ts'
import { sampleWorld } from './testing/sample-network.ts'

const example = /```jsonc\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''

test('the example of the guide is a policy that passes its own tests and cuts nothing of k3s', () => {
  const { policy, findings } = readPolicy(example)
  expect(findings).toEqual([])
  expect(policy && checkNames(policy, sampleWorld)).toEqual([])
  const plan = planOf(example)
  expect(runTests(plan).map(({ state }) => state)).toEqual(['passed', 'passed'])
  expect(clusterWarnings(plan, sampleWorld)).toEqual([])
})

test('the guide names every kind of word', () => {
  for (const word of NAMED_KINDS) expect(guide).toContain(`\`${word}:`)
})

test('what is only given elsewhere is a warning, what makes rules narrower an error', () => {
  for (const [name, { narrows }] of Object.entries(OTHER_SECTIONS)) {
    const [finding, ...more] = readPolicy(`{"${name}": {}}`).findings
    expect(more).toEqual([])
    expect(finding).toMatchObject({ severity: narrows ? 'error' : 'warning', line: 1, column: 2 })
  }
})
