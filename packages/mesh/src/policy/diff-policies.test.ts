import { expect, test } from 'vitest'
import { diffPolicies } from './diff-policies.ts'
import { explain } from './explain.ts'
import { reaches } from './reaches.ts'
import { address } from './testing/interpret-table.ts'
import { oracle } from './testing/oracle.ts'
import { planOf } from './testing/plan-of.ts'
import { randomOf } from './testing/random.ts'
import { randomPolicy, randomWorld } from './testing/random-network.ts'
import { SAMPLE_POLICY } from './testing/sample-network.ts'

const rules = (...acls: string[]) => planOf(`{"tagOwners": {"tag:db": [], "tag:ci": []}, "acls": [${acls.join(',')}]}`)
const rule = (src: string, dst: string) => `{"action": "accept", "proto": "tcp", "src": ["${src}"], "dst": ["${dst}"]}`

const only = (name: string) => ({ names: [name], more: 0 })

test('the same rules in another order gain and lose nothing', () => {
  const [a, b] = [rule('tag:ci', 'tag:db:1-10'), rule('ann@example.com', '*:22')]
  const diff = diffPolicies(rules(a, b), rules(b, a))
  expect(diff).toEqual({ gained: [], lost: [], more: { gained: 0, lost: 0 } })
})

test('who gains and who loses is said by pair and port, for both families at once', () => {
  const diff = diffPolicies(
    rules(rule('tag:ci', 'tag:db:80-90')),
    rules(rule('tag:ci', 'tag:db:85-95'), rule('bob@example.com', 'node:gw-1:22')),
  )
  expect(diff.gained).toEqual([
    { from: only('build-1'), to: only('home-1'), services: 'tcp 91-95', families: 'both', pairs: 1 },
    { from: only('phone of bob@example.com'), to: only('gw-1'), services: 'tcp 22', families: 'both', pairs: 1 },
  ])
  expect(diff.lost).toEqual([
    { from: only('build-1'), to: only('home-1'), services: 'tcp 80-84', families: 'both', pairs: 1 },
  ])
})

test('going from no policy to a rule loses everything else', () => {
  const diff = diffPolicies(planOf('{}'), rules(rule('*', 'tag:db:80')))
  expect(diff.gained).toEqual([])
  expect(diff.lost.find(({ to }) => to.names.includes('home-1'))?.services).toBe('ping; tcp 0-79, 81-65535; udp; sctp')
})

test('a part of a pod range is told apart from the rest', () => {
  const diff = diffPolicies(rules(), rules(rule('tag:ci', '10.42.2.7:80')))
  expect(diff.gained).toEqual([
    { from: only('build-1'), to: only('pods of home-1'), services: 'tcp 80', families: '4', pairs: 1 },
  ])
})

test('a pair gains or loses exactly when the oracle says so', { timeout: 60_000 }, () => {
  const random = randomOf(3)
  for (let i = 0; i < 150; i++) {
    const world = { ...randomWorld(random), carrier: null }
    const [before, after] = [randomPolicy(random, world), randomPolicy(random, world)]
    const diff = diffPolicies(planOf(JSON.stringify(before), world), planOf(JSON.stringify(after), world))
    for (const from of world.nodes)
      for (const to of world.nodes) {
        if (from === to) continue
        const packet = { from: from.address4, to: to.address4, protocol: 6, port: 80 }
        if (packet.from === null || packet.to === null) continue
        const [had, has] = [before, after].map((policy) =>
          oracle(policy, world, { ...packet, from: packet.from ?? '', to: packet.to ?? '' }),
        )
        const names = (changes: typeof diff.gained) =>
          changes.some(
            (change) =>
              change.families !== '6' &&
              change.from.names.includes(from.name) &&
              change.to.names.includes(to.name) &&
              hasPort80(change.services),
          )
        if (names(diff.gained) !== (!had && has) || names(diff.lost) !== (had && !has))
          expect.fail(
            `${i} ${from.name} ${to.name} ${had} ${has} ${JSON.stringify(diff)}\n${JSON.stringify([before, after, world])}`,
          )
      }
  }
})

/** `tcp 22, 79-81; udp 5`: whether TCP port 80 is among them. */
function hasPort80(services: string): boolean {
  return services.split('; ').some((service) => {
    if (service === 'everything' || service === 'tcp') return true
    if (!service.startsWith('tcp ')) return false
    return service
      .slice(4)
      .split(', ')
      .some((range) => {
        const [first, last] = range.split('-').map(Number) as [number, number | undefined]
        return first <= 80 && 80 <= (last ?? first)
      })
  })
}

test('an explanation names the rule and its line, or what is let through instead', () => {
  const plan = planOf(SAMPLE_POLICY)
  const said = (from: string, to: string, port: number) => {
    const answer = explain(plan, { from, to, protocol: 6, port })
    if (!answer.ok) throw new Error(answer.error.message)
    return [answer.value.verdict, ...answer.value.cases.map(({ why }) => why)]
  }
  expect(said('node:home-2', 'tag:db', 5432)).toEqual([
    'allowed',
    'Rule 3 (line 11) lets tcp 5432 from home-2 to home-1 through.',
  ])
  expect(said('node:build-1', 'node:home-1', 443)).toEqual([
    'denied',
    'No rule lets tcp 443 from build-1 to home-1 through; what is let through is gre.',
  ])
  expect(said('bob@example.com', 'node:gw-1', 22)).toEqual([
    'denied',
    'No rule lets anything from phone to gw-1 through.',
  ])
  expect(said('ann@example.com', 'node:home-2', 22)[0]).toBe('allowed')
  expect(said('site:berlin', 'pods:prod', 80)[0]).toBe('some')
  expect(said('zoe@example.com', 'pods:prod', 80)).toEqual(['nobody'])
  expect(explain(plan, { from: 'tag', to: 'a b', protocol: 6, port: 1 }).ok).toBe(false)
})

test('the probes of a tunnel are explained as such', () => {
  const plan = rules()
  const answer = reaches(plan, { from: address('10.77.0.1'), to: address('10.77.0.2'), protocol: 1, port: null })
  expect(answer).toEqual({
    allowed: true,
    rule: null,
    why: 'Pings from gw-1 to home-1 measure the tunnel and always pass.',
  })
})
