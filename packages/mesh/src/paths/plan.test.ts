import { expect, test } from 'vitest'
import { formatAddress } from '../ip/address.ts'
import { formatPrefix } from '../ip/prefix.ts'
import type { PlanNode } from './network-input.ts'
import { nodeView } from './node-view.ts'
import { peersOf, plan } from './plan.ts'

const settings = {
  id: '018f3c1e-0000-7000-8000-000000000001',
  name: 'home-lab',
  cidr4: '10.77.0.0/16',
  cidr6: 'fd12:3456:789a::/48',
  interfaceName: 'span0',
  listenPort: 51820,
  mtu: 1420,
  keepaliveSeconds: 25,
}

const node = (ordinal: number, over: Partial<PlanNode> = {}): PlanNode => ({
  id: `018f3c1e-0000-7000-8000-${String(ordinal).padStart(12, '0')}`,
  name: `node-${ordinal}`,
  role: 'member',
  state: 'active',
  ordinal,
  publicKey: `key-${ordinal}`,
  endpoint: null,
  ...over,
})
const gateway = (ordinal: number, over: Partial<PlanNode> = {}) =>
  node(ordinal, { role: 'gateway', endpoint: '203.0.113.7:51820', ...over })

const planned = (...nodes: PlanNode[]) => plan({ ...settings, nodes })
const viewOf = (network: ReturnType<typeof plan>, of: PlanNode) => {
  const view = nodeView(network, of.id)
  if (!view) throw new Error('not in the plan')
  return view
}
const peersIn = (network: ReturnType<typeof plan>, of: PlanNode) =>
  viewOf(network, of).tunnels.flatMap((tunnel) => tunnel.peers.map((peer) => peer.name))

test('the order of the rows does not matter', () => {
  const nodes = [gateway(1), ...Array.from({ length: 40 }, (_, i) => node(i + 2))]
  const straight = planned(...nodes)
  const turned = planned(...[...nodes].reverse())
  for (const each of nodes) expect(nodeView(turned, each.id)).toEqual(nodeView(straight, each.id))
})

test('a member has one peer, its gateway, for the whole overlay', () => {
  const network = planned(gateway(1), node(2), node(3))
  const [tunnel] = viewOf(network, node(2)).tunnels
  expect(tunnel).toMatchObject({ name: 'span0', listenPort: 0, mtu: 1420 })
  expect(tunnel?.peers).toHaveLength(1)
  expect(tunnel?.peers[0]).toMatchObject({ name: 'node-1', keepaliveSeconds: 25, endpoint: { port: 51820 } })
  expect(tunnel?.peers[0]?.allowedIps.map(formatPrefix)).toEqual(['10.77.0.0/16', 'fd12:3456:789a::/48'])
  expect(tunnel?.addresses.map(({ address, length }) => `${formatAddress(address)}/${length}`)).toEqual([
    '10.77.0.2/16',
    'fd12:3456:789a::2/64',
    'fd12:3456:789a:ff00::2/128',
  ])
  expect(tunnel?.routes.map(formatPrefix)).toEqual(['fd12:3456:789a:ff00::/64'])
})

test('a gateway takes from each member exactly what is its own', () => {
  const network = planned(gateway(1), node(2), node(3))
  const view = viewOf(network, node(1))
  expect(view.forwards).toBe(true)
  expect(view.tunnels[0]?.listenPort).toBe(51820)
  expect(view.tunnels[0]?.peers.map((peer) => peer.allowedIps.map(formatPrefix))).toEqual([
    ['10.77.0.2/32', 'fd12:3456:789a::2/128', 'fd12:3456:789a:ff00::2/128'],
    ['10.77.0.3/32', 'fd12:3456:789a::3/128', 'fd12:3456:789a:ff00::3/128'],
  ])
})

test.each(['paused', 'quarantined'] as const)('a %s node is a peer of nobody and has none', (state) => {
  const network = planned(gateway(1), node(2, { state }), node(3))
  expect(peersIn(network, node(1))).toEqual(['node-3'])
  expect(viewOf(network, node(2)).state).toBe('paused')
  expect(peersIn(network, node(2))).toEqual([])
})

test('who was invited only is not in the plan', () => {
  const network = planned(gateway(1), node(2, { state: 'invited', ordinal: null, publicKey: null }))
  expect(nodeView(network, node(2).id)).toBe(null)
  expect(peersIn(network, node(1))).toEqual([])
})

test('without a gateway nobody has peers', () => expect(peersIn(planned(node(2), node(3)), node(2))).toEqual([]))

test('the gateway that joined first carries, whatever it is called; a further one is a spoke', () => {
  const network = planned(gateway(1, { name: 'zulu' }), gateway(2, { name: 'alpha' }), node(3))
  expect(peersIn(network, node(3))).toEqual(['zulu'])
  expect(peersIn(network, node(2))).toEqual(['zulu'])
  expect(viewOf(network, node(2)).forwards).toBe(false)
  expect(peersOf(network, node(1) as never).map((peer) => peer.name)).toEqual(['alpha', 'node-3'])
})

test('when the first gateway is paused the next one takes over', () => {
  const network = planned(gateway(1, { state: 'paused' }), gateway(2), node(3))
  expect(peersIn(network, node(3))).toEqual(['node-2'])
  expect(viewOf(network, node(2)).forwards).toBe(true)
})

test('a bad endpoint in a row stops nobody', () => {
  const network = planned(gateway(1, { endpoint: 'no port here' }), node(2))
  expect(viewOf(network, node(2)).tunnels[0]?.peers[0]?.endpoint).toBe(null)
})

test('the network names the interface', () =>
  expect(nodeView(plan({ ...settings, interfaceName: 'wg0', nodes: [node(2)] }), node(2).id)?.tunnels[0]?.name).toBe(
    'wg0',
  ))

const clustered = (clusterRanges: string[], ...nodes: PlanNode[]) => plan({ ...settings, nodes, clusterRanges })
const allowed = (network: ReturnType<typeof plan>, of: PlanNode) =>
  Object.fromEntries(
    viewOf(network, of).tunnels.flatMap((tunnel) =>
      tunnel.peers.map((peer) => [peer.name, peer.allowedIps.map(formatPrefix)]),
    ),
  )
const pods = (ordinal: number, ...podRanges: string[]) => node(ordinal, { podRanges })

test('without a cluster nothing changes, whatever nodes say of pods', () => {
  const [with_, without] = [
    planned(gateway(1), pods(2, '10.42.2.0/24'), node(3)),
    planned(gateway(1), node(2), node(3)),
  ]
  for (const each of [1, 2, 3].map((ordinal) => node(ordinal))) {
    expect(viewOf(with_, each)).toEqual(viewOf(without, each))
    expect(viewOf(without, each).pods).toBe(null)
  }
})

test('a gateway takes from each member its pods too, and sends those of all others to it', () => {
  const network = clustered(
    ['10.42.0.0/16', 'fd00:42::/56'],
    gateway(1),
    pods(2, '10.42.2.0/24', 'fd00:42:0:2::/64'),
    node(3),
  )
  expect(allowed(network, node(1))).toEqual({
    'node-2': [
      '10.77.0.2/32',
      'fd12:3456:789a::2/128',
      'fd12:3456:789a:ff00::2/128',
      '10.42.2.0/24',
      'fd00:42:0:2::/64',
    ],
    'node-3': ['10.77.0.3/32', 'fd12:3456:789a::3/128', 'fd12:3456:789a:ff00::3/128'],
  })
})

test('a member takes pods of the whole cluster from its gateway, so that a node that joins changes nothing for it', () => {
  const before = clustered(['10.42.0.0/16'], gateway(1), pods(2, '10.42.2.0/24'))
  const after = clustered(['10.42.0.0/16'], gateway(1), pods(2, '10.42.2.0/24'), pods(3, '10.42.3.0/24'))
  expect(allowed(before, node(2))).toEqual({ 'node-1': ['10.77.0.0/16', 'fd12:3456:789a::/48', '10.42.0.0/16'] })
  expect(viewOf(after, node(2))).toEqual(viewOf(before, node(2)))
  expect(viewOf(after, node(2)).pods?.own.map(formatPrefix)).toEqual(['10.42.2.0/24'])
})

test('only a gateway without pods of its own has a route to those of others: flannel makes them elsewhere', () => {
  const routes = (network: ReturnType<typeof plan>, of: PlanNode) =>
    viewOf(network, of).tunnels[0]?.routes.map(formatPrefix)
  const network = clustered(['10.42.0.0/16'], gateway(1), pods(2, '10.42.2.0/24'), node(3))
  expect(routes(network, node(1))).toEqual(['fd12:3456:789a:ff00::/64', '10.42.0.0/16'])
  expect(routes(network, node(2))).toEqual(['fd12:3456:789a:ff00::/64'])
  expect(routes(network, node(3))).toEqual(['fd12:3456:789a:ff00::/64'])
  const joined = clustered(['10.42.0.0/16'], gateway(1, { podRanges: ['10.42.1.0/24'] }), pods(2, '10.42.2.0/24'))
  expect(routes(joined, node(1))).toEqual(['fd12:3456:789a:ff00::/64'])
})

test.each([
  { it: 'everything', range: '0.0.0.0/0' },
  { it: 'a LAN', range: '192.168.1.0/24' },
  { it: 'the whole cluster', range: '10.42.0.0/16' },
  { it: 'the overlay', range: '10.77.0.0/24' },
  { it: 'what another has', range: '10.42.2.0/24' },
  { it: 'a part of what another has', range: '10.42.2.128/25' },
  { it: 'nothing that can be read', range: '10.42.2.1/24' },
])('a node that claims $it as its pods gets none of it', ({ range }) => {
  const network = clustered(['10.42.0.0/16'], gateway(1), pods(2, '10.42.2.0/24'), pods(3, range, '10.42.3.0/24'))
  expect(network.podRanges.get(node(2).id)?.map(formatPrefix)).toEqual(['10.42.2.0/24'])
  expect(network.podRanges.get(node(3).id)?.map(formatPrefix)).toEqual(['10.42.3.0/24'])
})

test('who is paused leaves its pod range to nobody, and has no peers for it', () => {
  const network = clustered(['10.42.0.0/16'], gateway(1), node(2, { state: 'paused', podRanges: ['10.42.2.0/24'] }))
  expect(network.podRanges.size).toBe(0)
})

test('a range of a cluster that meets the overlay is no range of pods', () =>
  expect(clustered(['10.77.128.0/17', 'fd12:3456:789a:1::/64', 'rubbish'], gateway(1)).clusterRanges).toEqual([]))
