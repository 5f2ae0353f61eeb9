import { expect, test } from 'vitest'
import { goldenPaths } from '../protocol/golden-paths.ts'
import { explainPair, type PairEvidence } from './explain-pair.ts'
import type { NetworkInput } from './network-input.ts'
import { plan } from './plan.ts'

const idOf = (name: string): string => [...goldenPaths.nodes.values()].find((node) => node.name === name)?.id ?? ''
const nameOf = (id: string): string => goldenPaths.nodes.get(id)?.name ?? ''

/** `home-1 span0` for a tunnel that is down, `?home-1 span0` for one of which nothing is said. All direct ones are down. */
const evidence = (down: readonly string[], over: Partial<PairEvidence> = {}): PairEvidence => ({
  isAlive: (at, name, peer) => {
    const words = [`${nameOf(at)} ${name}`, `${nameOf(at)} ${name} ${nameOf(peer)}`]
    if (words.some((word) => down.includes(`?${word}`))) return null
    return name !== 'span0d' && !words.some((word) => down.includes(word))
  },
  ...{ endpoint: null, lastDirectAt: null, lastTriedAt: 100, nextTryAt: 900 },
  ...over,
})

const input = (over: Partial<NetworkInput>): NetworkInput => ({
  ...goldenPaths.settings,
  ...{ nodes: goldenPaths.nodes.values(), topology: 'mesh', pairs: [{ a: idOf('home-1'), b: idOf('office-1') }] },
  ...over,
})

test.each([
  {
    it: 'a call that has not got through',
    pair: ['home-1', 'office-1'],
    down: [],
    want: {
      kind: 'relayed',
      via: ['gw-1', 'gw-3'],
      reason: 'through gw-1 and gw-3: no call has got through yet',
      isDetour: false,
      lastTriedAt: 100,
      nextTryAt: 900,
    },
  },
  {
    it: 'a hard NAT',
    pair: ['home-2', 'home-3'],
    down: [],
    want: {
      reason: "through gw-1: both ends are behind NATs, and home-2's gives a new port for each destination",
      lastTriedAt: null,
      nextTryAt: null,
    },
  },
  {
    it: 'a gateway of its own',
    pair: ['home-1', 'gw-2'],
    down: [],
    want: { kind: 'direct', via: [], reason: 'by the tunnel between them: gw-2 is a gateway', isDetour: false },
  },
  {
    it: 'a gateway of others',
    pair: ['home-1', 'gw-3'],
    down: [],
    want: { kind: 'relayed', via: ['gw-1'], reason: /^through gw-1: gateways have no direct tunnels/ },
  },
  {
    it: 'a dead gateway',
    pair: ['home-2', 'gw-1'],
    down: ['home-2 span0'],
    want: { kind: 'relayed', via: ['gw-2'], isDetour: true, reason: /home-2's tunnel to gw-1 is down$/ },
  },
  {
    it: 'one whose tunnel is cut at the gateway',
    pair: ['home-1', 'home-2'],
    down: ['gw-1 span0 home-2'],
    want: { kind: 'relayed', via: ['gw-1', 'gw-2'], isDetour: true, reason: /gw-1's tunnel to home-2 is down$/ },
  },
  {
    it: 'no way at all',
    pair: ['home-1', 'home-2'],
    down: ['home-1 span0', 'home-1 span0b'],
    want: { kind: 'unreachable', via: [], reason: "home-1's tunnel to gw-1 is down, home-1's tunnel to gw-2 is down" },
  },
  {
    it: 'a gateway that says nothing',
    pair: ['home-1', 'home-2'],
    down: ['?gw-1 span0'],
    want: {
      kind: 'unknown',
      via: ['gw-1'],
      reason: 'through gw-1 by the plan, but gw-1 has said nothing of its tunnel to home-2',
    },
  },
])('the reason for $it', ({ pair: [from = '', to = ''], down, want }) => {
  const third = {
    ...row('home-2'),
    id: idOf('home-2').replace('f2', 'f9'),
    name: 'home-3',
    ordinal: 9,
    publicKey: KEY,
    siteId: null,
    directKey: OTHER,
    observed: [{ gatewayId: idOf('gw-1'), endpoint: '192.0.2.77:5' }],
  }
  const network = plan(input({ nodes: [...goldenPaths.nodes.values(), third] }))
  const id = (name: string) => (name === 'home-3' ? third.id : idOf(name))
  const told = explainPair(network, id(from), id(to), evidence(down))
  const { reason, ...rest } = want
  expect(told).toMatchObject(rest)
  if (typeof reason === 'string') expect(told?.reason).toBe(reason)
  else expect(told?.reason).toMatch(reason)
})

const KEY = 'RVadpX9Le/Ry16hk70eBRRyuY4P+6fsK5AxZqhzkdTQ='
const OTHER = 'CQEABwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwE='
const row = (name: string) => {
  const found = goldenPaths.nodes.get(idOf(name))
  if (!found) throw new Error(name)
  return found
}

test.each([
  { it: 'an address of its LAN', endpoint: '192.168.1.20:40000', want: 'lan' },
  { it: 'another address', endpoint: '198.51.100.7:60001', want: 'direct' },
  { it: 'an endpoint that is not known', endpoint: null, want: 'direct' },
])('who is reached at $it is reached as $want', ({ endpoint, want }) => {
  const told = explainPair(goldenPaths, idOf('home-1'), idOf('home-2'), evidence([], { endpoint, isAlive: () => true }))
  expect(told).toMatchObject({ kind: want, via: [], isDetour: false, nextTryAt: null })
})

test.each([
  { it: 'a hub', over: { topology: 'hub' as const }, reason: 'in a hub the gateways carry everything' },
  {
    it: 'sites',
    over: { topology: 'sites' as const },
    reason: 'home-1 and office-1 are in different sites, and this network goes directly inside of a site only',
  },
  {
    it: 'a mesh where they hardly talk',
    over: { pairs: [] },
    reason: 'they have hardly talked with each other lately',
  },
  {
    it: 'a mesh with one peer for each',
    over: { directCap: 1 },
    reason: 'one of them has as many direct tunnels as it may have',
  },
])('in $it the reason is said as it is', ({ over, reason }) =>
  expect(explainPair(plan(input(over)), idOf('home-1'), idOf('office-1'), evidence([]))?.reason).toBe(
    `through gw-1 and gw-3: ${reason}`,
  ),
)

test('without a gateway nobody is carried, and nobody is explained to itself', () => {
  const members = [...goldenPaths.nodes.values()].filter(({ role }) => role === 'member')
  const network = plan(input({ nodes: members, topology: 'hub' }))
  expect(explainPair(network, idOf('home-1'), idOf('home-2'), evidence([]))).toMatchObject({
    kind: 'unreachable',
    reason: 'no gateway is at work',
  })
  expect(explainPair(network, idOf('home-1'), idOf('home-1'), evidence([]))).toBe(null)
})
