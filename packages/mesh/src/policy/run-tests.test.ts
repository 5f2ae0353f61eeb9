import { expect, test } from 'vitest'
import { runTests, testFindings } from './run-tests.ts'
import { planOf } from './testing/plan-of.ts'
import { SAMPLE_POLICY } from './testing/sample-network.ts'

const run = (acls: string, tests: string) =>
  runTests(planOf(`{"tagOwners": {"tag:db": [], "tag:ci": []}, ${acls} "tests": [${tests}]}`)).map(
    ({ state, sentence }) => `${state}: ${sentence}`,
  )
const all = '"acls": [{"action": "accept", "src": ["*"], "dst": ["tag:db:5432"]}],'

test('the tests of the example pass', () => {
  expect(runTests(planOf(SAMPLE_POLICY)).map(({ state }) => state)).toEqual(['passed', 'passed', 'passed'])
})

test.each([
  ['{"src": "tag:ci", "accept": ["tag:db:5432"]}', 'passed: tag:ci reaches tag:db:5432.'],
  [
    '{"src": "tag:ci", "accept": ["tag:db:5433"]}',
    'failed: No rule lets tcp or udp 5433 from 10.77.0.4 to 10.77.0.2 through, and the test says it must.',
  ],
  [
    '{"src": "tag:ci", "deny": ["tag:db:5432"]}',
    'failed: Rule 1 lets tcp or udp 5432 from 10.77.0.4 to 10.77.0.2 through, and the test says it must not.',
  ],
  ['{"src": "tag:ci", "deny": ["tag:db:22"]}', 'passed: tag:ci does not reach tag:db:22.'],
  [
    '{"src": "zoe@example.com", "deny": ["tag:db:5432"]}',
    'idle: Nobody is zoe@example.com at the moment, so this test says nothing.',
  ],
])('%s', (text, sentence) => expect(run(all, text)).toEqual([sentence]))

test('every address of the source has to be let through, in each family and to every address of the target', () => {
  const one = (dst: string, src = 'ann@example.com') =>
    `"acls": [{"action": "accept", "src": ["${src}"], "dst": ["${dst}"]}],`
  const accept = '{"src": "ann@example.com", "proto": "tcp", "accept": ["site:berlin:22"]}'
  expect(run(one('site:berlin:22'), accept)[0]).toMatch(/^passed/)
  expect(run(one('10.77.0.0/24:22'), accept)).toEqual([
    'failed: No rule lets tcp 22 from fd12:3456:789a::3 to fd12:3456:789a::2 through, and the test says it must.',
  ])
  expect(run(one('node:home-1:22'), accept)[0]).toMatch(/to 10\.77\.0\.3 through/)
  expect(run(one('site:berlin:22', 'node:home-2'), accept)[0]).toMatch(/from 10\.77\.0\.100 to/)
  expect(run(one('site:berlin:22', '10.77.0.100'), accept.replace('accept', 'deny'))[0]).toMatch(
    /^failed: Rule 1 lets tcp 22 from 10\.77\.0\.100/,
  )
})

test('without a policy whatever must not pass fails', () => {
  expect(run('', '{"src": "tag:ci", "accept": ["tag:db:1"], "deny": ["tag:db:2"]}')).toEqual([
    'passed: tag:ci reaches tag:db:1.',
    'failed: tag:ci reaches tag:db:2: there is no policy, so everything is allowed.',
  ])
})

test('a failed test is an error at its place, one about nobody a warning', () => {
  const results = runTests(
    planOf(
      '{"acls": [], "tests": [{"src": "node:home-1", "accept": ["node:gw-1:1"]}, {"src": "x@y.example", "deny": ["node:gw-1:1"]}]}',
    ),
  )
  expect(testFindings(results).map(({ severity, line, column }) => [severity, line, column])).toEqual([
    ['error', 1, 58],
    ['warning', 1, 107],
  ])
})
