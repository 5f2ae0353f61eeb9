import { expect, test } from 'vitest'
import { renderClusterFirewall } from '../cluster/render-cluster-firewall.ts'
import { parseAddress } from '../ip/address.ts'
import { parsePrefix } from '../ip/prefix.ts'
import { renderFirewall } from '../protocol/render-firewall.ts'
import { planAccess } from './plan-access.ts'
import { OPEN_POLICY } from './policy.ts'
import { readPolicy } from './read-policy.ts'
import { renderAccess } from './render-access.ts'
import { planOf } from './testing/plan-of.ts'
import { randomOf } from './testing/random.ts'
import { randomPolicy, randomWorld } from './testing/random-network.ts'
import { SAMPLE_POLICY, sampleWorld } from './testing/sample-network.ts'

const plan = planOf(SAMPLE_POLICY)
const access = (id: string, of = plan) => renderAccess(of, id, 'span0') ?? ''
const prefix = (text: string) => {
  const parsed = parsePrefix(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
const address = (text: string) => {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

test.each([
  { it: 'member-with-pods', text: renderFirewall('span0', false, access('node-2')) },
  { it: 'member', text: renderFirewall('span0', false, access('node-3')) },
  { it: 'nothing-allowed', text: renderFirewall('span0', false, access('node-4', planOf('{"acls": []}'))) },
  {
    it: 'gateway-with-devices',
    text: renderClusterFirewall(
      'span0',
      true,
      {
        cluster: ['10.42.0.0/16', 'fd00:42::/56'].map(prefix),
        own: ['10.42.1.0/24', 'fd00:42:0:1::/64'].map(prefix),
        overlay: ['10.77.0.0/16', 'fd12:3456:789a::/48'].map(prefix),
        address4: address('10.77.0.1'),
        address6: address('fd12:3456:789a::1'),
      },
      { access: access('node-1'), devices: ['10.77.0.100/32', '10.77.0.101/32', 'fd12:3456:789a::64/128'].map(prefix) },
    ),
  },
])('the table of a $it is the golden one', async ({ it, text }) => {
  await expect(text).toMatchFileSnapshot(`./golden/${it}.nft`)
})

test('without a policy nothing is judged, and an unknown node has no table', () => {
  expect(renderAccess(planAccess(OPEN_POLICY, sampleWorld), 'node-1', 'span0')).toBeNull()
  expect(renderAccess(plan, 'node-9', 'span0')).toBeNull()
})

test('the order of rows does not matter, and neither does the order of words in a rule', () => {
  const turned = {
    ...sampleWorld,
    nodes: [...sampleWorld.nodes]
      .reverse()
      .map((node) => ({ ...node, tags: [...node.tags].reverse(), podRanges: [...node.podRanges].reverse() })),
    devices: [...sampleWorld.devices].reverse(),
    members: [...sampleWorld.members].reverse(),
    sites: [...sampleWorld.sites].reverse(),
  }
  const words = SAMPLE_POLICY.replaceAll('["cluster:prod", "pods:prod"]', '["pods:prod", "cluster:prod"]')
  for (const { id } of sampleWorld.nodes) {
    expect(access(id, planOf(SAMPLE_POLICY, turned))).toBe(access(id))
    expect(access(id, planOf(words))).toBe(access(id))
  }
})

test('no blanket accept for what is established: only answers to what the node itself began pass, and its own are judged', () => {
  const text = access('node-2')
  expect(text.match(/established.*/g)).toEqual(['established accept', 'established accept'])
  expect(text).toContain('ct direction reply ct state established accept')
  expect(text.indexOf('rule_1 accept')).toBeLessThan(text.indexOf('ct state invalid'))
  const rules = (chain: string) => text.slice(text.indexOf(`chain ${chain} {`)).split('\n  }')[0] ?? ''
  expect(rules('judge_answer').match(/@(all|ports)_\w+ accept/g)).toHaveLength(
    rules('judge').match(/rule_/g)?.length ?? 0,
  )
})

test('rules with the same sources share one set', () => {
  expect(
    access('node-1').match(/set from_\d+_v4 \{[^}]*elements = \{ 10\.42\.0\.0\/16, 10\.77\.0\.1-10\.77\.0\.2 \}/g),
  ).toHaveLength(1)
})

test('overlapping destinations of one rule become elements that do not overlap', () => {
  const text = access(
    'node-2',
    planOf(
      '{"acls": [{"action": "accept", "src": ["*"], "dst": ["node:home-1:80-100", "site:berlin:90-200", "10.77.0.0/24:300"]}]}',
    ),
  )
  expect(text).toContain(
    'elements = { 10.77.0.2 . 6 . 80-200, 10.77.0.2 . 6 . 300, 10.77.0.2 . 17 . 80-200, 10.77.0.2 . 17 . 300 }',
  )
})

test('no word stands in it by which the installer of k3s would clean it away, and each line fits the grammar of the script', () => {
  for (const { id } of sampleWorld.nodes) {
    const text = access(id)
    expect(text).not.toMatch(/flannel|KUBE-|CNI-/i)
    // apps/node/spanwire.sh, check(): what may stand in a line of a set or chain.
    const line = '([\\]A-Za-z0-9 .,:;/*=!<>&|@()%+_[-]|"[a-z0-9*_ -]*")*'
    const grammar = new RegExp(`^(  (chain|set|map|counter) [a-z0-9_]+ [{]|  [}]|    ${line}([{]${line}[}]${line})*)$`)
    expect(text.split('\n').filter((text) => text !== '' && !grammar.test(text))).toEqual([])
  }
})

test('every gateway may ping whom it carries, and nobody else who has no rule', () => {
  const { policy } = readPolicy('{"acls": []}')
  if (!policy) throw new Error('no policy')
  const several = planAccess(policy, { ...sampleWorld, gateways: ['node-3'] })
  const pings = (id: string, of: typeof several) =>
    /ip saddr \{ ([^}]*) \} ip daddr .* echo-request/.exec(access(id, of))?.[1]
  expect(pings('node-2', planAccess(policy, sampleWorld))).toBe('10.77.0.1')
  expect(pings('node-2', several)).toBe('10.77.0.1, 10.77.0.3')
  expect(pings('node-3', several)).toBe('10.77.0.0/16')
})

test('made step by step it is the same as made at once', () => {
  const { policy } = readPolicy(SAMPLE_POLICY)
  if (!policy) throw new Error('no policy')
  const [first, second, third, fourth] = sampleWorld.nodes
  if (!first || !second || !third || !fourth) throw new Error('four nodes')
  const steps = [
    { ...sampleWorld, nodes: [first, second], devices: [] },
    sampleWorld,
    { ...sampleWorld, nodes: [first, { ...second, tags: ['ci'], podRanges: [] }, third, fourth] },
    { ...sampleWorld, nodes: [first, third, fourth], members: [] },
    { ...sampleWorld, carrier: 'node-2', devices: sampleWorld.devices.slice(1) },
    { ...sampleWorld, gateways: ['node-4', 'node-3'] },
    { ...sampleWorld, clusters: [] },
    sampleWorld,
  ]
  let before = planAccess(policy, { ...sampleWorld, nodes: [] })
  for (const world of steps) {
    before = planAccess(policy, world, before)
    const fresh = planAccess(policy, world)
    for (const { id } of sampleWorld.nodes)
      expect(renderAccess(before, id, 'span0')).toBe(renderAccess(fresh, id, 'span0'))
  }
})

test('random changes of a network, one after the other, end in the same rules as a fresh start', {
  timeout: 60_000,
}, () => {
  const random = randomOf(5)
  for (let i = 0; i < 200; i++) {
    const first = randomWorld(random)
    const { policy } = readPolicy(JSON.stringify(randomPolicy(random, first)))
    if (!policy) throw new Error('no policy')
    let before = planAccess(policy, first)
    for (let step = 0; step < 4; step++) {
      const world = random.chance(50)
        ? randomWorld(random)
        : { ...first, nodes: random.some(first.nodes, 8).filter((node, at, all) => all.indexOf(node) === at) }
      for (const { id } of world.nodes) renderAccess(before, id, 'span0')
      before = planAccess(policy, world, before)
      const fresh = planAccess(policy, world)
      for (const { id } of world.nodes) {
        const [kept, made] = [renderAccess(before, id, 'span0'), renderAccess(fresh, id, 'span0')]
        if (kept !== made) expect.fail(`policy ${i}, step ${step}, ${id}:\n${kept}\n${made}`)
      }
    }
  }
})
