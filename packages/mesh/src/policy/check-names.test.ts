import { expect, test } from 'vitest'
import { checkNames } from './check-names.ts'
import { readPolicy } from './read-policy.ts'
import { SAMPLE_POLICY, sampleWorld } from './testing/sample-network.ts'

const said = (text: string, world = sampleWorld) => {
  const { policy, findings } = readPolicy(text)
  if (!policy) throw new Error(JSON.stringify(findings))
  return checkNames(policy, world).map(
    ({ severity, line, column, message, fix }) => `${severity} ${line}:${column} ${message} ${fix}`,
  )
}
const from = (word: string) => said(`{"acls": [{"action": "accept", "src": ["${word}"], "dst": ["*:*"]}]}`)

test('names that are there are fine', () => expect(said(SAMPLE_POLICY)).toEqual([]))

test.each([
  ['node:hme-1', 'error 1:40 There is no node "hme-1". Did you mean home-1?'],
  ['site:belrin', 'error 1:40 There is no site "belrin". Did you mean berlin?'],
  ['tag:zebra', 'error 1:40 There is no tag "zebra". Put it into tagOwners'],
  ['group:ops', 'error 1:40 There is no group "ops". Put it into groups'],
  ['cluster:pord', 'error 1:40 There is no cluster "pord". Did you mean prod?'],
  ['pods:prd', 'error 1:40 There is no cluster "prd". Did you mean prod?'],
  ['home-1', 'error 1:40 "home-1" is a node, not an alias of hosts. Write node:home-1'],
  ['nowhere', 'error 1:40 There is no alias "nowhere". Put it into hosts, or write node:NAME for a node'],
  [
    'anne@example.com',
    'warning 1:40 anne@example.com is no member here, so this means nobody until they are. Did you mean ann@example.com?',
  ],
  [
    '100.64.0.1',
    'warning 1:40 Nothing comes from there: it lies outside of this network. Name nodes, people or addresses of this network',
  ],
])('%s: %s', (word, sentence) => expect(from(word)).toEqual([sentence]))

test('what stands in groups, tagOwners and tests is looked up too', () => {
  expect(
    said(
      '{"groups": {"group:a": ["x@example.com"]}, "tagOwners": {"tag:b": ["group:c"]}, "tests": [{"src": "site:d", "deny": ["node:e:80"]}]}',
    ).map((line) => line.replace(/^(\w+ \d+:\d+).*/, '$1')),
  ).toEqual(['warning 1:25', 'error 1:68', 'error 1:99', 'error 1:118'])
})

test('pods that travel wrapped, and addresses of services, are said to change nothing', () => {
  const [cluster] = sampleWorld.clusters
  if (!cluster) throw new Error('no cluster')
  const wrapped = { ...sampleWorld, clusters: [{ ...cluster, backend: 'vxlan' as const }] }
  expect(said('{"acls": [{"action": "accept", "src": ["*"], "dst": ["pods:prod:80"]}]}', wrapped)[0]).toMatch(
    /^warning 1:54 The pods of prod travel wrapped \(VXLAN\)/,
  )
  expect(said('{"acls": [{"action": "accept", "src": ["*"], "dst": ["10.43.0.10:53"]}]}')[0]).toMatch(
    /^warning 1:54 This is the range of Kubernetes services/,
  )
})
