// What a simulated node says of its rules is what the server reads, and a trial ends on it as on a machine.
import { setTimeout as sleep } from 'node:timers/promises'
import { parsePolicy } from '@spanwire/mesh/protocol/parse-policy'
import { expect, test } from 'vitest'
import { SimulatedRules } from './rules.ts'

const ID = '018f3c1e-0000-7000-8000-0000000000d4'
const TABLE = 'table inet spanwire {\n  counter rule_1 {\n  }\n  counter rule_2 {\n  }\n}'
const LOADED_MS = 1_000

const told = (...state: string[]) => ({
  firewall: TABLE,
  policy: new Map([
    ['policy/state', `${state.join('\n')}\n`],
    ['policy/trial.nft', TABLE],
  ]),
})
const says = (rules: SimulatedRules) => parsePolicy(rules.blocks()[0]?.[1])
const make = () => {
  let reports = 0
  const clock = { now: 1_000 }
  const rules = new SimulatedRules(
    'a seed',
    () => clock.now,
    () => reports++,
  )
  return { rules, clock, reports: () => reports }
}

test('a network without a policy says nothing of rules', () => {
  const { rules } = make()
  rules.take({ firewall: '', policy: new Map() })
  expect(rules.blocks()).toEqual([])
})

test('counters grow, begin anew with other rules, and drops are told', () => {
  const { rules, clock } = make()
  rules.take(told('confirmed 3'))
  expect([...(says(rules)?.rules ?? [])]).toEqual([
    [1, 0],
    [2, 0],
  ])
  clock.now += 3_600
  rules.drops({ from: '10.77.0.2', to: '10.77.0.3', protocol: 'tcp', port: 5432, packets: 41 })
  expect(Math.max(...(says(rules)?.rules.values() ?? []))).toBeGreaterThan(0)
  expect(says(rules)?.drops).toEqual([
    { source: '10.77.0.2', destination: '10.77.0.3', protocol: 6, port: 5432, packets: 41 },
  ])
})

test.each([
  { it: 'is confirmed by a bundle with its number', end: 'confirmed 4', trial: null },
  { it: 'is returned by a bundle without it', end: 'confirmed 3', trial: { id: ID, state: 'returned', why: null } },
])('a trial $it', async ({ end, trial }) => {
  const { rules, reports } = make()
  rules.take(told('confirmed 3', `trial ${ID} 4 75`))
  expect(says(rules)?.trial).toBeNull()
  await sleep(LOADED_MS)
  expect(says(rules)?.trial).toEqual({ id: ID, state: 'on', why: null })
  expect(reports()).toBe(1)
  rules.take(told(end))
  expect(says(rules)).toMatchObject({ number: Number(end.split(' ')[1]), trial })
})

test('a trial ends by itself when its seconds are over, and is begun only once', async () => {
  const { rules } = make()
  rules.take(told('confirmed 3', `trial ${ID} 4 1`))
  await sleep(LOADED_MS + 1_200)
  expect(says(rules)?.trial).toEqual({ id: ID, state: 'returned', why: null })
  rules.take(told('confirmed 3', `trial ${ID} 4 1`))
  await sleep(LOADED_MS)
  expect(says(rules)?.trial).toEqual({ id: ID, state: 'returned', why: null })
})

test.each([
  { trouble: 'returns' as const, trial: { id: ID, state: 'returned', why: null } },
  { trouble: 'silent' as const, trial: null },
])('with trouble it $trouble', async ({ trouble, trial }) => {
  const { rules } = make()
  rules.breaks(trouble)
  rules.take(told('confirmed 3', `trial ${ID} 4 75`))
  await sleep(LOADED_MS)
  expect(says(rules)?.trial).toEqual(trial)
})
