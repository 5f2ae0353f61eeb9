import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderClusterFirewall } from '@spanwire/mesh/cluster/render-cluster-firewall'
import { type Prefix, parsePrefix } from '@spanwire/mesh/ip/prefix'
import type { NodePods } from '@spanwire/mesh/paths/node-view'
import { parseAccessCounters } from '@spanwire/mesh/policy/parse-access-counters'
import { type AccessPlan, planAccess } from '@spanwire/mesh/policy/plan-access'
import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { renderAccess } from '@spanwire/mesh/policy/render-access'
import type { World } from '@spanwire/mesh/policy/world'
import { renderFirewall } from '@spanwire/mesh/protocol/render-firewall'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Attempt, Echo, Listener, OpenConnection, tryAll } from './echo.ts'
import { NetworkNamespace } from './network-namespace.ts'

/**
 * The rules of a policy against real packets: a node with a pod behind it, and beyond its tunnel (a veth named as one) everybody else.
 *
 *   others 10.77.0.3 .4 .100 ── span0 ── node 10.77.0.2 ── pods ── pod 10.42.2.5
 *                                          └── span0b ── far 10.77.0.50
 */
const GOLDEN = fileURLToPath(new URL('../../mesh/src/policy/golden/', import.meta.url))
const PORTS = [22, 80, 5432, 8000]

let others: NetworkNamespace
let node: NetworkNamespace
let pod: NetworkNamespace
let far: NetworkNamespace
const echoes: Echo[] = []

beforeAll(async () => {
  ;[others, node, pod, far] = (await Promise.all(
    ['others', 'node', 'pod', 'far'].map((name) => NetworkNamespace.create(`access-${process.pid}-${name}`)),
  )) as [NetworkNamespace, NetworkNamespace, NetworkNamespace, NetworkNamespace]
  await node.sh(`
ip link add span0 type veth peer name span0 netns ${others.pid}
ip link add span0b type veth peer name span0 netns ${far.pid}
ip link add pods type veth peer name eth0 netns ${pod.pid}
ip addr add 10.77.0.2/24 dev span0; ip addr add fd12:3456:789a::2/64 dev span0 nodad; ip addr add fd12:3456:789a:ff00::2/64 dev span0 nodad
ip addr add 10.42.2.1/24 dev pods; ip addr add fd00:42:0:2::1/64 dev pods nodad
${noNeighbours('span0')}; ${noNeighbours('span0b')}; ip link set pods up
ip route add 192.168.5.5 dev pods; ip route add 10.77.0.50 dev span0b; ip -6 route add fd12:3456:789a::50 dev span0b
echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding`)
  await others.sh(`
${noNeighbours('span0')}
for n in 3 4 100; do ip addr add 10.77.0.$n/24 dev span0; done
for n in 3 4 64; do ip addr add fd12:3456:789a::$n/64 dev span0 nodad; done
ip addr add fd12:3456:789a:ff00::3/64 dev span0 nodad
ip route add 10.42.2.0/24 via 10.77.0.2; ip -6 route add fd00:42:0:2::/64 via fd12:3456:789a::2
ip route add 10.77.0.50 via 10.77.0.2; ip route add 192.168.5.5 via 10.77.0.2`)
  await pod.sh(`
ip link set eth0 up
ip addr add 192.168.5.5/32 dev eth0; ip addr add 10.42.2.5/24 dev eth0; ip addr add fd00:42:0:2::5/64 dev eth0 nodad
ip route add default via 10.42.2.1; ip -6 route add default via fd00:42:0:2::1`)
  await far.sh(`
${noNeighbours('span0')}; ip addr add 10.77.0.50/32 dev span0
ip route add 10.77.0.0/24 dev span0`)
  for (const namespace of [others, node, pod, far]) echoes.push(await Echo.start(namespace, PORTS))
})
afterAll(async () => {
  for (const echo of echoes) echo[Symbol.dispose]()
  for (const namespace of [others, node, pod, far]) await namespace?.[Symbol.asyncDispose]()
})

/** As WireGuard, which asks for no neighbours: with one hardware address on both ends none are needed. */
const noNeighbours = (name: string) => `ip link set ${name} address 02:00:00:00:00:01 arp off up`

const machine = (number: number, name: string, more: Partial<World['nodes'][number]> = {}) => ({
  id: name,
  name,
  address4: `10.77.0.${number}`,
  address6: `fd12:3456:789a::${number}`,
  site: null,
  tags: [],
  owner: null,
  podRanges: [],
  ...more,
})
const world: World = {
  cidr4: '10.77.0.0/24',
  cidr6: 'fd12:3456:789a::/48',
  nodes: [
    machine(2, 'home-1', { tags: ['db'], podRanges: ['10.42.2.0/24', 'fd00:42:0:2::/64'] }),
    machine(3, 'build-1', { tags: ['ci'] }),
    machine(4, 'build-2'),
    machine(50, 'far-1'),
  ],
  devices: [
    { id: 'laptop', name: 'laptop', owner: 'ann@example.com', address4: '10.77.0.100', address6: 'fd12:3456:789a::64' },
  ],
  members: [],
  sites: [],
  clusters: [
    {
      name: 'prod',
      nodes: [],
      podRanges: ['10.42.0.0/16', 'fd00:42::/56'],
      serviceRanges: [],
      backend: 'host-gw',
      datastore: 'sqlite',
    },
  ],
  carrier: 'far-1',
}

function plan(rules: string, of: World = world): AccessPlan {
  const { policy, findings } = readPolicy(`{"tagOwners": {"tag:ci": [], "tag:db": []}, "acls": [${rules}]}`)
  if (!policy) throw new Error(JSON.stringify(findings))
  return planAccess(policy, of)
}

/** Loads what the node has under these rules, as its script would: checked first, then as one transaction. */
async function enforce(rules: string): Promise<void> {
  const text = renderFirewall('span0', false, renderAccess(plan(rules), 'home-1', 'span0') ?? '')
  await node.nft(text)
}

function prefix(text: string): Prefix {
  const parsed = parsePrefix(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

const PODS: NodePods = {
  cluster: ['10.42.0.0/16', 'fd00:42::/56'].map(prefix),
  own: ['10.42.2.0/24', 'fd00:42:0:2::/64'].map(prefix),
  overlay: ['10.77.0.0/24', 'fd12:3456:789a::/48'].map(prefix),
  address4: { family: 4, value: prefix('10.77.0.2/32').base },
  address6: { family: 6, value: prefix('fd12:3456:789a::2/128').base },
}

const CI = '10.77.0.3'
const OTHER = '10.77.0.4'
const LAPTOP = '10.77.0.100'
const NODE = '10.77.0.2'
const POD = '10.42.2.5'
const LAN = '192.168.5.5'
const CI6 = 'fd12:3456:789a::3'
const OTHER6 = 'fd12:3456:789a::4'
const NODE6 = 'fd12:3456:789a::2'
const POD6 = 'fd00:42:0:2::5'

async function expectReach(expected: readonly [string, Attempt, boolean][]): Promise<void> {
  const results = await tryAll(
    others,
    expected.map(([, attempt]) => attempt),
  )
  expect(expected.map(([it], i) => [it, results[i]])).toEqual(expected.map(([it, , want]) => [it, want]))
}

const tcp = (from: string, to: string, port: number): Attempt => ({ protocol: 'tcp', from, to, port })
const udp = (from: string, to: string, port: number): Attempt => ({ protocol: 'udp', from, to, port })
const ping = (from: string, to: string): Attempt => ({ protocol: 'ping', from, to })

test.each(readdirSync(GOLDEN))('the real nft takes the golden file %s, twice in a row', async (name) => {
  await using scratch = await NetworkNamespace.create(`access-${process.pid}-golden`)
  await scratch.sh(
    `nft -c -f ${GOLDEN}${name}; nft -f ${GOLDEN}${name}; nft -c -f ${GOLDEN}${name}; nft -f ${GOLDEN}${name}`,
  )
})

test('allowed ports pass and all others do not, for both families, hosts and pods', async () => {
  await enforce(`
    {"action": "accept", "src": ["tag:ci"], "dst": ["tag:db:5432,7999-8000", "pods:prod:80"]},
    {"action": "accept", "proto": "udp", "src": ["ann@example.com"], "dst": ["node:home-1:22"]},
    {"action": "accept", "src": ["node:build-1"], "dst": ["192.168.5.0/24:80"]}`)
  await expectReach([
    ['ci to its port', tcp(CI, NODE, 5432), true],
    ['ci to the end of a range', tcp(CI, NODE, 8000), true],
    ['ci by UDP', udp(CI, NODE, 5432), true],
    ['ci to another port', tcp(CI, NODE, 22), false],
    ['ci by IPv6', tcp(CI6, NODE6, 5432), true],
    ['ci by IPv6 and UDP', udp(CI6, NODE6, 8000), true],
    ['ci by IPv6 to another port', tcp(CI6, NODE6, 80), false],
    ['ping comes with a rule', ping(CI, NODE), true],
    ['ping by IPv6 too', ping(CI6, NODE6), true],
    ['another machine', tcp(OTHER, NODE, 5432), false],
    ['another machine by IPv6', udp(OTHER6, NODE6, 5432), false],
    ['another machine, ping', ping(OTHER, NODE), false],
    ['another machine, ping by IPv6', ping(OTHER6, NODE6), false],
    ['a person by the protocol of the rule', udp(LAPTOP, NODE, 22), true],
    ['a person by another', tcp(LAPTOP, NODE, 22), false],
    ['a rule for UDP brings no ping', ping(LAPTOP, NODE), false],
    ['a pod', tcp(CI, POD, 80), true],
    ['a pod by IPv6', tcp(CI6, POD6, 80), true],
    ['a pod by UDP', udp(CI, POD, 80), true],
    ['a pod on another port', tcp(CI, POD, 22), false],
    ['a pod on another port by IPv6', udp(CI6, POD6, 22), false],
    ['a machine of the LAN behind the node', tcp(CI, LAN, 80), true],
    ['a machine of the LAN on another port', tcp(CI, LAN, 22), false],
    ['a machine of the LAN from another machine', tcp(OTHER, LAN, 80), false],
    ['a pod from another machine', tcp(OTHER, POD, 80), false],
  ])
})

test('with everything denied the probes of the tunnel pass, answers come back, and what is only carried is not judged', async () => {
  await enforce('')
  const probe = { protocol: 'ping', from: 'fd12:3456:789a:ff00::3', to: 'fd12:3456:789a:ff00::2' } as const
  await expectReach([
    ['a probe', probe, true],
    ['a ping of the node itself', ping(CI, NODE), false],
    ['a port', tcp(CI, NODE, 80), false],
    ['a pod', udp(CI6, POD6, 80), false],
    ['a probe address, but no ping', { ...probe, protocol: 'tcp', port: 80 }, false],
    ['the address of the bridge of its pods', tcp(CI, '10.42.2.1', 80), false],
    ['a machine of the LAN', tcp(CI, LAN, 80), false],
    ['carried to another node', tcp(CI, '10.77.0.50', 80), true],
    ['carried by UDP', udp(OTHER, '10.77.0.50', 22), true],
  ])
  expect(await tryAll(node, [udp(NODE, CI, 22), tcp(NODE6, CI6, 80), ping(NODE, OTHER)])).toEqual([true, true, true])
  expect(await tryAll(pod, [udp(POD, CI, 22), tcp(POD6, OTHER6, 80)])).toEqual([true, true])
})

test('a flow that is no longer allowed ends, and goes on when it is allowed again', async () => {
  const rule = '{"action": "accept", "src": ["tag:ci"], "dst": ["tag:db:5432", "pods:prod:80"]}'
  await enforce(rule)
  using toNode = await OpenConnection.open(others, tcp(CI, NODE, 5432))
  using toPod = await OpenConnection.open(others, tcp(CI6, POD6, 80))
  await enforce('{"action": "accept", "src": ["tag:ci"], "dst": ["tag:db:22"]}')
  expect(await toNode.says('cut', 2000)).toBe(false)
  expect(await toPod.says('cut', 2000)).toBe(false)
  await enforce(rule)
  // TCP sends again what was dropped, a few seconds later at most.
  expect(await toNode.hears('cut', 20_000)).toBe(true)
  expect(await toPod.hears('cut', 20_000)).toBe(true)
})

test('answers to somebody who only listens end with the rule that let him ask, and go on when it is there again', async () => {
  const rule = '{"action": "accept", "src": ["tag:ci"], "dst": ["tag:db:9000", "pods:prod:9001"]}'
  await enforce(rule)
  using toNode = await Listener.ask(others, node, udp(CI, NODE, 9000))
  using toNode6 = await Listener.ask(others, node, udp(CI6, NODE6, 9000))
  using toPod = await Listener.ask(others, pod, udp(CI, POD, 9001))
  const all = () => Promise.all([toNode.hears(), toNode6.hears(), toPod.hears()])
  expect(await all()).toEqual([true, true, true])
  await enforce('{"action": "accept", "src": ["tag:ci"], "dst": ["tag:db:22"]}')
  expect(await all()).toEqual([false, false, false])
  expect(await node.sh('nft list set inet spanwire dropped_v4')).toContain(`${CI} . ${NODE} . udp . 9000`)
  await enforce(rule)
  expect(await all()).toEqual([true, true, true])
})

test('answers from a port that is forwarded to a pod are judged as the port that was asked', async () => {
  await node.nft(`table ip lab_nodeport {
  chain prerouting { type nat hook prerouting priority dstnat; ip daddr ${NODE} udp dport 9090 dnat to ${POD}:9001; }
}`)
  await enforce('{"action": "accept", "src": ["tag:ci"], "dst": ["node:home-1:9090"]}')
  using listener = await Listener.ask(others, pod, udp(CI, NODE, 9090), { living: { to: POD, port: 9001 } })
  expect(await listener.hears()).toBe(true)
  await enforce('{"action": "accept", "src": ["tag:ci"], "dst": ["pods:prod:9001"]}')
  expect(await listener.hears()).toBe(false)
  await node.sh('nft delete table ip lab_nodeport')
})

test('two that speak from fixed ports to each other are cut as one flow, and after a silence the one that may begin does', async () => {
  await node.sh(
    'echo 1 > /proc/sys/net/netfilter/nf_conntrack_udp_timeout; echo 1 > /proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream',
  )
  await enforce('{"action": "accept", "src": ["tag:ci"], "dst": ["tag:db:9000"]}')
  using gossip = await Listener.ask(others, node, udp(CI, NODE, 9000), { fromPort: 9002 })
  expect(await gossip.hears()).toBe(true)
  const text = renderFirewall('span0', false, renderAccess(plan(''), 'home-1', 'span0') ?? '')
  await node.nft(text.replaceAll('timeout 200s', 'timeout 4s'))
  expect(await gossip.hears()).toBe(false)
  await new Promise((resolve) => setTimeout(resolve, 4000))
  // As the beginning of a flow of its own, which the other end judges.
  expect(await gossip.hears()).toBe(true)
})

test('a flow that stays allowed does not notice that the rules are replaced', async () => {
  const rule = '{"action": "accept", "src": ["tag:ci"], "dst": ["tag:db:5432"]}'
  await enforce(rule)
  using connection = await OpenConnection.open(others, tcp(CI, NODE, 5432))
  for (let i = 0; i < 5; i++) {
    await enforce(
      `${rule}, {"action": "accept", "src": ["build-2", "10.77.0.4"], "dst": ["*:${i + 1}"]}`.replace(
        '"build-2", ',
        '',
      ),
    )
    expect(await connection.says(`still ${i}`, 10_000)).toBe(true)
  }
})

test('a port that the machine forwards to a pod is judged as the port that was asked for', async () => {
  await node.nft(`table ip lab_nodeport {
  chain prerouting { type nat hook prerouting priority dstnat; ip daddr ${NODE} tcp dport 8080 dnat to ${POD}:80; }
}`)
  await enforce('{"action": "accept", "src": ["tag:ci"], "dst": ["node:home-1:8080"]}')
  await expectReach([
    ['the port of the node', tcp(CI, NODE, 8080), true],
    ['the pod behind it', tcp(CI, POD, 80), false],
    ['another machine', tcp(OTHER, NODE, 8080), false],
  ])
  await enforce('{"action": "accept", "src": ["tag:ci"], "dst": ["pods:prod:80"]}')
  await expectReach([
    ['the port of the node', tcp(CI, NODE, 8080), false],
    ['the pod itself', tcp(CI, POD, 80), true],
  ])
  await node.sh('nft delete table ip lab_nodeport')
})

test('what goes to a device is judged by the gateway that carries it, also beside a cluster, where the rest is not tracked', async () => {
  const carrying = { ...world, carrier: 'home-1' }
  const enforceCarrying = async (rules: string) => {
    const access = renderAccess(plan(rules, carrying), 'home-1', 'span0') ?? ''
    await node.nft(renderClusterFirewall('span0', true, PODS, { access, devices: [prefix(`${LAPTOP}/32`)] }))
  }
  const fromFar = [tcp('10.77.0.50', LAPTOP, 80), udp('10.77.0.50', LAPTOP, 22), tcp('10.77.0.50', CI, 80)]
  await enforceCarrying('')
  expect(await tryAll(far, fromFar)).toEqual([false, false, true])
  expect(await tryAll(others, [tcp(LAPTOP, '10.77.0.50', 80), udp(LAPTOP, '10.77.0.50', 22)])).toEqual([true, true])
  await enforceCarrying('{"action": "accept", "proto": "tcp", "src": ["node:far-1"], "dst": ["ann@example.com:80"]}')
  expect(await tryAll(far, fromFar)).toEqual([true, false, true])
  // flannel's rule would give a tracked packet to a pod elsewhere the gateway's address, by which nobody could judge it.
  await node.nft(`table ip lab_masquerade {
  chain postrouting { type nat hook postrouting priority srcnat; ip saddr != 10.42.0.0/16 ip daddr 10.42.0.0/16 masquerade; }
}`)
  await far.nft(`table ip lab_seen {
  chain prerouting { type filter hook prerouting priority 0; ip saddr ${LAPTOP} ip daddr 10.42.3.5 counter; }
}`)
  await far.sh('ip addr add 10.42.3.5/32 dev span0')
  await node.sh('ip route add 10.42.3.0/24 dev span0b')
  await others.sh('ip route add 10.42.3.0/24 via 10.77.0.2')
  expect(await tryAll(others, [tcp(LAPTOP, '10.42.3.5', 80)])).toEqual([true])
  expect(await far.sh('nft list table ip lab_seen')).toMatch(/counter packets [1-9]/)
  await node.sh('nft delete table ip lab_masquerade')
})

test('hits are counted by rule, and drops by who asked whom for what', async () => {
  await enforce('{"action": "accept", "proto": "tcp", "src": ["tag:ci"], "dst": ["tag:db:5432"]}')
  await tryAll(others, [tcp(CI, NODE, 5432), udp(OTHER, NODE, 5432), udp(OTHER, NODE, 5432), ping(OTHER6, NODE6)])
  const sets = ['dropped_v4', 'dropped_v6', 'dropped_other_v4', 'dropped_other_v6']
  const lists = ['counters table inet spanwire', ...sets.map((set) => `set inet spanwire ${set}`)]
  const { hits, drops } = parseAccessCounters(await node.sh(lists.map((what) => `nft -j list ${what}`).join('\n')))
  expect(hits).toEqual([{ rule: 1, packets: expect.any(Number), bytes: expect.any(Number) }])
  expect(hits[0]?.packets).toBeGreaterThan(2)
  // Nothing of what passed.
  expect(drops.map(({ bytes, ...drop }) => drop)).toEqual([
    { from: OTHER, to: NODE, protocol: 17, port: 5432, packets: 2 },
    { from: OTHER6, to: NODE6, protocol: 58, port: null, packets: 1 },
  ])
})

test('a scan fills what is remembered of drops, and no more; what comes after is dropped all the same', async () => {
  await enforce('')
  await others.sh(`exec ${process.execPath} -e '
const socket = require("node:dgram").createSocket("udp4")
socket.bind(0, "${OTHER}", async () => {
  for (let port = 1; port <= 3000; port++) await new Promise((sent) => socket.send("x", port, "${NODE}", sent))
  socket.close()
})'`)
  const set = JSON.parse(await node.sh('nft -j list set inet spanwire dropped_v4'))
  const elements = set.nftables.find((entry: { set?: unknown }) => entry.set).set.elem
  expect(elements.length).toBeGreaterThan(900)
  expect(elements.length).toBeLessThanOrEqual(1024)
  await expectReach([['after a scan', udp(OTHER, NODE, 80), false]])
})

test('the answer to a packet that is too large comes back even when everything is denied', async () => {
  await enforce('')
  await others.sh(`
ip link add narrow type veth peer name narrow-end; ip link set narrow mtu 1300 up; ip link set narrow-end up
ip route add 10.99.0.0/24 dev narrow; echo 1 > /proc/sys/net/ipv4/ip_forward`)
  await node.sh('ip route add 10.99.0.0/24 via 10.77.0.3')
  expect(await node.sh('ping -n -M do -s 1400 -c 3 -W 1 10.99.0.5 2>&1 || true')).toMatch(/mtu ?= ?1300/)
})
