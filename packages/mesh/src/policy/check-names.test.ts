import { expect, test } from 'vitest'
import { checkNames } from './check-names.ts'
import { planAccess } from './plan-access.ts'
import { reaches } from './reaches.ts'
import { readPolicy } from './read-policy.ts'
import { address } from './testing/interpret-table.ts'
import { SAMPLE_POLICY, sampleWorld } from './testing/sample-network.ts'
import type { World } from './world.ts'

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
  ['mara@', 'warning 1:40 mara@ is no e-mail address, so this means nobody. Write the one they sign in with'],
  [
    '192.0.2.1',
    'warning 1:40 Nothing comes from there: it lies outside of this network. Name nodes, people or addresses of this network',
  ],
  [
    '100.64.0.1',
    'warning 1:40 This is an address of Tailscale, which nobody has here. Name the machine: node:NAME, tag:NAME, or its address in this network',
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

test('a site is named as people call it, with blanks, commas and other letters', () => {
  const names = ['Köln, rack 2', '東京', 'hall: north', 'a tag:db']
  const world: World = {
    ...sampleWorld,
    sites: [...sampleWorld.sites, ...names],
    nodes: sampleWorld.nodes.map((node, i) => ({ ...node, site: names[i] ?? null })),
  }
  const reach = (src: string, dst: string, to: string, port: number) => {
    const text = `{"tagOwners": {"tag:db": []}, "acls": [{"action": "accept", "src": ["${src}"], "dst": ["${dst}"]}]}`
    const { policy, findings } = readPolicy(text)
    if (!policy) throw new Error(JSON.stringify(findings))
    expect(checkNames(policy, world)).toEqual([])
    const question = { from: address('10.77.0.1'), to: address(to), protocol: 6, port }
    return reaches(planAccess(policy, world), question).allowed
  }
  expect(reach('site:Köln, rack 2', 'site:東京:80,443', '10.77.0.2', 443)).toBe(true)
  expect(reach('site:Köln, rack 2', 'site:東京:80,443', '10.77.0.2', 22)).toBe(false)
  expect(reach('site: Ko\u0308ln, rack 2', 'site:hall: north:*', '10.77.0.3', 22)).toBe(true)
})

test('a site whose name reads like two words is not taken for them', () => {
  const world: World = {
    ...sampleWorld,
    nodes: sampleWorld.nodes.map((node, i) => ({ ...node, site: ['a', null, null, 'a tag:db'][i] ?? null })),
  }
  const { policy } = readPolicy(`{"tagOwners": {"tag:db": []}, "acls": [
    {"action": "accept", "src": ["10.77.0.1"], "dst": ["site:a:22", "tag:db:22"]},
    {"action": "accept", "src": ["10.77.0.2"], "dst": ["site:a tag:db:22"]}]}`)
  if (!policy) throw new Error('no policy')
  const plan = planAccess(policy, world)
  const isLet = (from: string, to: string) =>
    reaches(plan, { from: address(from), to: address(to), protocol: 6, port: 22 }).allowed
  expect(isLet('10.77.0.2', '10.77.0.4')).toBe(true)
  expect(isLet('10.77.0.2', '10.77.0.1')).toBe(false)
  expect(isLet('10.77.0.1', '10.77.0.2')).toBe(true)
})

test('the name of a site that is none is refused, and a slip is told', () => {
  const find = (site: string) => {
    const { policy, findings } = readPolicy(`{"acls": [{"action": "accept", "src": ["${site}"], "dst": ["*:*"]}]}`)
    const world = { ...sampleWorld, sites: ['Køge, rack 2'] }
    return [...findings, ...(policy ? checkNames(policy, world) : [])].map(({ message, fix }) => `${message} ${fix}`)
  }
  expect(find('site:Køge, rak 2')).toEqual(['There is no site "Køge, rak 2". Did you mean Køge, rack 2?'])
  expect(find('site:')).toEqual([expect.stringContaining('"site:" has no proper name after the colon')])
  expect(find('site:a$b')).toEqual([expect.stringContaining('must not have the character $')])
})
