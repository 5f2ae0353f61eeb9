import { expect, test } from 'vitest'
import type { PlanNode } from '../paths/network-input.ts'
import { nodeView } from '../paths/node-view.ts'
import { plan } from '../paths/plan.ts'
import { GOLDEN_IDS, goldenPlan, goldenServer } from '../protocol/golden-network.ts'
import { goldenPaths } from '../protocol/golden-paths.ts'
import { renderBundle } from '../protocol/render-bundle.ts'
import { renderFirewall } from '../protocol/render-firewall.ts'
import { renderClusterFirewall } from './render-cluster-firewall.ts'

const podRanges: Record<string, string[]> = {
  [GOLDEN_IDS.gateway]: ['10.42.1.0/24', 'fd00:42:0:1::/64'],
  [GOLDEN_IDS.member]: ['10.42.2.0/24'],
}
const network = (clusterRanges: string[], withPods: boolean) =>
  plan({
    ...goldenPlan.settings,
    cidr4: '10.77.0.0/16',
    clusterRanges,
    nodes: [...goldenPlan.nodes.values()].map(
      (node): PlanNode => ({ ...node, podRanges: withPods ? (podRanges[node.id] ?? []) : [] }),
    ),
  })
const view = (of: ReturnType<typeof network>, id: string) => {
  const found = nodeView(of, id)
  if (!found) throw new Error('not in the plan')
  return found
}
const firewall = (of: ReturnType<typeof network>, id: string) =>
  renderBundle(view(of, id), goldenServer, { epoch: 1, revision: 1, tombstone: null }, () => 'a'.repeat(64)).find(
    ({ name }) => name === 'firewall.nft',
  )?.text ?? ''

test.each([
  { it: 'gateway-with-pods', id: GOLDEN_IDS.gateway, withPods: true },
  { it: 'gateway-without-pods', id: GOLDEN_IDS.gateway, withPods: false },
  { it: 'member-with-pods', id: GOLDEN_IDS.member, withPods: true },
])('the table of a $it is the golden one', async ({ it, id, withPods }) => {
  await expect(firewall(network(['10.42.0.0/16', 'fd00:42::/56'], withPods), id)).toMatchFileSnapshot(
    `./golden/firewall/${it}.nft`,
  )
})

test('without a cluster, and on a member without pods, it is the plain one', () => {
  for (const id of [GOLDEN_IDS.gateway, GOLDEN_IDS.member]) {
    expect(firewall(network([], true), id)).toBe(renderFirewall('span0', id === GOLDEN_IDS.gateway))
  }
  expect(firewall(network(['10.42.0.0/16'], false), GOLDEN_IDS.member)).toBe(renderFirewall('span0', false))
})

test('what is its own is tracked, and what it carries for others is not', () => {
  const text = firewall(network(['10.42.0.0/16'], true), GOLDEN_IDS.gateway)
  const carry = text.slice(text.indexOf('chain carry'), text.indexOf('chain forward'))
  expect(carry.indexOf('fib daddr type local return')).toBeLessThan(carry.indexOf('notrack'))
  expect(carry.indexOf('ip daddr { 10.42.1.0/24 } return')).toBeLessThan(
    carry.indexOf('ip daddr { 10.42.0.0/16, 10.77.0.0/16 } notrack'),
  )
})

test('marked flows get the overlay address before pods keep theirs', () => {
  const text = firewall(network(['10.42.0.0/16'], true), GOLDEN_IDS.member)
  expect(text.indexOf('meta mark & 0x4000')).toBeLessThan(text.indexOf('snat ip to ip saddr'))
  expect(text).toContain('snat ip to 10.77.0.2')
})

test('no word stands in it by which the installer of k3s would clean it away', () => {
  for (const id of [GOLDEN_IDS.gateway, GOLDEN_IDS.member])
    expect(firewall(network(['10.42.0.0/16'], true), id)).not.toMatch(/flannel|KUBE-|CNI-/i)
})

test('the order of prefixes does not matter', () => {
  const pods = view(network(['10.42.0.0/16', 'fd00:42::/56'], true), GOLDEN_IDS.gateway).pods
  if (!pods) throw new Error('no pods')
  const turned = {
    ...pods,
    own: [...pods.own].reverse(),
    cluster: [...pods.cluster].reverse(),
    overlay: [...pods.overlay].reverse(),
  }
  expect(renderClusterFirewall('span0', true, turned)).toBe(renderClusterFirewall('span0', true, pods))
})

const pathsFirewall = (over: Partial<Parameters<typeof plan>[0]>, name: string) => {
  const nodes = [...goldenPaths.nodes.values()]
  const of = plan({ ...goldenPaths.settings, nodes, topology: 'mesh', ...over })
  return firewall(of, nodes.find((node) => node.name === name)?.id ?? '')
}

test('with several ways a gateway carries without conntrack, in a network without a cluster too', () => {
  const text = pathsFirewall({}, 'gw-1')
  expect(text).toContain('ip daddr { 10.77.0.0/16, 192.168.50.0/24 } notrack')
  expect(text.indexOf('fib daddr type local return')).toBeLessThan(text.indexOf('notrack'))
  expect(text).not.toContain('chain talk')
})

test('what a machine says keeps its address, whichever interface it leaves by', () => {
  const text = pathsFirewall({ topology: 'hub' }, 'home-1')
  expect(text).toContain('    oifname != "span0*" return\n')
  expect(text).toContain('    ip saddr 10.77.0.4 snat ip to 10.77.0.4\n')
  expect(text).not.toContain('notrack')
  expect(text).not.toContain('chain forward')
})

test('the way into a LAN is open to that LAN alone, and translated there; what comes out of it keeps its address', () => {
  const text = pathsFirewall({}, 'office-1')
  const forward = text.slice(text.indexOf('chain forward'), text.indexOf('chain keep'))
  expect(forward).toContain('iifname "span0*" ip daddr { 192.168.50.0/24 } accept')
  expect(forward).toContain('iifname "span0*" counter drop')
  expect(forward).not.toContain('oifname "span0*" accept')
  expect(text).toContain('ip saddr { 10.77.0.0/16 } ip daddr { 192.168.50.0/24 } masquerade')
  expect(text.slice(text.indexOf('chain lan'))).not.toContain('ip6 saddr')
  expect(text).toContain('ip saddr { 192.168.50.0/24 } snat ip to ip saddr')
  expect(pathsFirewall({}, 'home-1')).not.toContain('masquerade')
})

test('talk is counted in a mesh only, of members, and pings that measure tunnels are not among it', () => {
  const text = pathsFirewall({}, 'home-1')
  expect(text).toContain('ip6 daddr { fd12:3456:789a::/64 } update @talk6 { ip6 daddr counter }')
  expect(text).toContain('ip daddr { 10.77.0.0/16, 192.168.50.0/24 } update @talk4 { ip daddr counter }')
  for (const topology of ['hub', 'sites'] as const) expect(pathsFirewall({ topology }, 'home-1')).not.toContain('talk')
})
