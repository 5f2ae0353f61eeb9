import { expect, test } from 'vitest'
import { addFence, addRules } from './add-rules.ts'
import { clusterWarnings } from './cluster-warnings.ts'
import { readPolicy } from './read-policy.ts'
import { planOf } from './testing/plan-of.ts'
import { SAMPLE_POLICY, sampleWorld } from './testing/sample-network.ts'
import type { World } from './world.ts'

const warnings = (text: string, world: World = sampleWorld) => clusterWarnings(planOf(text, world), world)
const [prod] = sampleWorld.clusters
if (!prod) throw new Error('no cluster')
const withCluster = (more: Partial<World['clusters'][number]>): World => ({
  ...sampleWorld,
  clusters: [{ ...prod, ...more }],
})
const twoServers = withCluster({ nodes: prod.nodes.map(({ id }) => ({ id, role: 'server' })), datastore: 'etcd' })
const vxlan = {
  ...withCluster({ backend: 'vxlan' }),
  nodes: sampleWorld.nodes.map((node) => ({ ...node, podRanges: [] })),
}

test('no policy and the example cut nothing', () => {
  expect(warnings('{}')).toEqual([])
  expect(warnings(SAMPLE_POLICY)).toEqual([])
})

test.each([
  { it: 'with pods that are routed', world: sampleWorld, needs: ['api', 'kubelet', 'dns', 'pods'] },
  { it: 'with two servers and etcd', world: twoServers, needs: ['api', 'kubelet', 'etcd', 'dns', 'pods'] },
  { it: 'with VXLAN', world: vxlan, needs: ['api', 'kubelet', 'vxlan'] },
])('denying everything cuts what a cluster $it needs, and the fence mends it', ({ world, needs }) => {
  const text = '{"acls": []}'
  const cut = warnings(text, world)
  expect(cut.map(({ need }) => need)).toEqual(needs)
  const mended = addFence(text, cut)
  expect(warnings(mended, world)).toEqual([])
})

test('what is missing is named with both ends and with what stops', () => {
  expect(warnings('{"acls": []}')[0]?.sentence).toBe(
    'No rule lets TCP port 6443 through from home-1 (10.77.0.2) to gw-1 (10.77.0.1), which cluster prod needs: without it nodes become NotReady and pods lose the Kubernetes API.',
  )
  expect(warnings('{"acls": []}').find(({ need }) => need === 'dns')?.sentence).toMatch(
    /^No rule lets port 53, TCP and UDP, through from home-1 /,
  )
})

test.each([
  ['"cluster:prod", "pods:prod"], "dst": ["servers:prod:6443', 'api'],
  ['"cluster:prod", "pods:prod"], "dst": ["cluster:prod:10250', 'kubelet'],
  ['"cluster:prod", "pods:prod"], "dst": ["pods:prod:53', 'dns'],
])('a rule for %s gives just that', (inside, need) => {
  const needs = warnings(`{"acls": [{"action": "accept", "src": [${inside}"]}]}`).map((warning) => warning.need)
  expect(needs).not.toContain(need)
  expect(needs.length).toBe(3)
})

test('a cluster of one machine needs nobody', () => {
  const alone = withCluster({ nodes: prod.nodes.slice(0, 1) })
  // But its pods range is the whole one, as far as anybody knows.
  expect(
    warnings('{"acls": [{"action": "accept", "src": ["pods:prod"], "dst": ["cluster:prod:*", "pods:prod:*"]}]}', alone),
  ).toEqual([])
})

test('the fence goes to the head of acls, and comments, order and blanks stay', () => {
  const text = `{
	// mine
	"acls": [ // these
		// first
		{"action": "accept", "src": ["*"], "dst": ["*:22"]}, // ssh
	],
	"hosts": {},
}
`
  const mended = addRules(text, 'What k3s needs', ['{ "a": 1 }', '{ "b": 2 }'])
  expect(mended).toBe(
    text.replace('[ // these', '[\n\t\t// What k3s needs\n\t\t{ "a": 1 },\n\t\t{ "b": 2 },\n\t\t// these'),
  )
})

test.each([
  ['{"acls": []}', '{"acls": [\n  // c\n  {"x": 1},\n]}'],
  ['{"acls": [{"y": 2}]}', '{"acls": [\n  // c\n  {"x": 1},\n  {"y": 2}]}'],
  ['{\n  "acls": [\n  ],\n}', '{\n  "acls": [\n    // c\n    {"x": 1},\n  ],\n}'],
  ['{\n  "hosts": {}\n}', '{\n  "acls": [\n    // c\n    {"x": 1},\n  ],\n  "hosts": {}\n}'],
  ['{}', '{\n  "acls": [\n    // c\n    {"x": 1},\n  ],}'],
  ['{broken', '{broken'],
])('%j becomes %j', (text, want) => expect(addRules(text, 'c', ['{"x": 1}'])).toBe(want))

test('whatever the policy, with the fence it reads and has its own rules still', () => {
  const mended = addFence(SAMPLE_POLICY, warnings('{"acls": []}'))
  const [before, after] = [readPolicy(SAMPLE_POLICY), readPolicy(mended)]
  expect(after.findings).toEqual([])
  // Four needs, and DNS is part of the pods.
  expect(after.policy?.rules.length).toBe((before.policy?.rules.length ?? 0) + 3)
  expect(mended).toContain('// What k3s needs between the machines and pods of cluster prod.')
})
