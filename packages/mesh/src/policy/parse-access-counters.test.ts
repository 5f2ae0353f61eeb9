import { expect, test } from 'vitest'
import { addRules } from './add-rules.ts'
import { parseAccessCounters } from './parse-access-counters.ts'
import { proposeRule } from './propose-rule.ts'
import { reaches } from './reaches.ts'
import { readPolicy } from './read-policy.ts'
import { address } from './testing/interpret-table.ts'
import { planOf } from './testing/plan-of.ts'
import { SAMPLE_POLICY, sampleWorld } from './testing/sample-network.ts'
import { wordsOf } from './words-of.ts'

/** As nft 1.0.6 prints it. */
const printed = (sets: string) => `{"nftables": [{"metainfo": {"version": "1.0.6"}}, ${sets}]}`
const drops = (name: string, ...elements: string[]) =>
  printed(`{"set": {"family": "inet", "name": "${name}", "table": "spanwire", "elem": [${elements.join(', ')}]}}`)
const element = (concat: string, packets: number) =>
  `{"elem": {"val": {"concat": [${concat}]}, "expires": 3599, "counter": {"packets": ${packets}, "bytes": 60}}}`

test('hits by rule and drops by pair are read, the most first', () => {
  const text = [
    printed(
      '{"counter": {"name": "rule_12", "packets": 7, "bytes": 420}}, {"counter": {"name": "rule_2", "packets": 1, "bytes": 60}}',
    ),
    drops(
      'dropped_v4',
      element('"10.77.0.4", "10.77.0.9", "udp", 53', 1),
      element('"10.77.0.4", "10.77.0.9", 6, 5432', 41),
    ),
    drops('dropped_other_v6', element('"fd12:3456:789a::4", "fd12:3456:789a::2", "ipv6-icmp"', 3)),
    printed('{"set": {"name": "dropped_v6"}}'),
  ].join('\n')
  expect(parseAccessCounters(text)).toEqual({
    hits: [
      { rule: 2, packets: 1, bytes: 60 },
      { rule: 12, packets: 7, bytes: 420 },
    ],
    drops: [
      { from: '10.77.0.4', to: '10.77.0.9', protocol: 6, port: 5432, packets: 41, bytes: 60 },
      { from: 'fd12:3456:789a::4', to: 'fd12:3456:789a::2', protocol: 58, port: null, packets: 3, bytes: 60 },
      { from: '10.77.0.4', to: '10.77.0.9', protocol: 17, port: 53, packets: 1, bytes: 60 },
    ],
  })
})

test('whatever else a machine says is left out', () => {
  const text = [
    'Error: No such file or directory',
    '{"nftables": [',
    'null',
    '{"nftables": {"counter": 1}}',
    printed(
      '{"counter": {"name": "rule_0", "packets": 1, "bytes": 1}}, {"counter": {"name": "rule_1", "packets": -1, "bytes": 1}}, {"counter": null}',
    ),
    drops('from_1_v4', element('"10.77.0.4", "10.77.0.9", "tcp", 1', 1)),
    drops(
      'dropped_v4',
      element('"<b>", "10.77.0.9", "tcp", 1', 1),
      element('"10.77.0.4", "10.77.0.9", "tcp", 70000', 1),
      element('"10.77.0.4", "10.77.0.9", "nope", 1', 1),
      '7',
    ),
  ].join('\n')
  expect(parseAccessCounters(text)).toEqual({ hits: [], drops: [] })
})

test.each([
  [
    { from: '10.77.0.4', to: '10.77.0.2', protocol: 6, port: 443 },
    '{ "action": "accept", "proto": "tcp", "src": ["node:build-1"], "dst": ["node:home-1:443"] }',
  ],
  [
    { from: '10.77.0.101', to: '10.42.2.9', protocol: 17, port: 53 },
    '{ "action": "accept", "proto": "udp", "src": ["bob@example.com"], "dst": ["pods:prod:53"] }',
  ],
  [
    { from: 'fd12:3456:789a::4', to: 'fd12:3456:789a::99', protocol: 58, port: null },
    '{ "action": "accept", "proto": "icmp", "src": ["node:build-1"], "dst": ["[fd12:3456:789a::99]:*"] }',
  ],
  [
    { from: '10.77.0.4', to: '10.77.0.100', protocol: 201, port: null },
    '{ "action": "accept", "proto": "201", "src": ["node:build-1"], "dst": ["ann@example.com:*"] }',
  ],
])('a rule for %o lets it through', (drop, rule) => {
  expect(proposeRule(planOf(SAMPLE_POLICY), drop)).toBe(rule)
  const mended = planOf(addRules(SAMPLE_POLICY, 'asked for', [rule]))
  const question = { ...drop, from: address(drop.from), to: address(drop.to) }
  expect(reaches(planOf(SAMPLE_POLICY), question).allowed).toBe(false)
  expect(reaches(mended, question)).toMatchObject({ allowed: true, rule: { number: 1 } })
})

test('every word that is offered is one that a rule may use', () => {
  const { policy } = readPolicy(SAMPLE_POLICY)
  if (!policy) throw new Error('no policy')
  const [sources, targets] = [wordsOf(policy, sampleWorld, 'src'), wordsOf(policy, sampleWorld, 'dst')]
  expect(sources).toContain('node:build-1')
  const rule = { action: 'accept', src: sources, dst: targets.map((word) => `${word}:80`) }
  const { groups, tagOwners, hosts } = {
    groups: { 'group:ops': [] },
    tagOwners: { 'tag:db': [], 'tag:ci': [] },
    hosts: { lan: '10.77.0.1', 'home-range': '10.77.0.2' },
  }
  expect(readPolicy(JSON.stringify({ groups, tagOwners, hosts, acls: [rule] })).findings).toEqual([])
})
