import type { World } from '../world.ts'
import type { PlainPolicy } from './oracle.ts'
import type { Random } from './random.ts'

const SITES = ['berlin', 'Køge, rack 2'] as const
const TAGS = ['db', 'web', 'ci'] as const
const USERS = ['ann@a.example', 'bob@a.example', 'cid@b.example'] as const
const POD_RANGES = ['10.42.0.0/16', 'fd00:42::/56']

/** Up to 8 nodes, some with pods, some tagged, some somebody's; up to 3 devices. */
export function randomWorld(random: Random): World {
  const count = 1 + random.below(8)
  const hasCluster = random.chance(60)
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: `node-${i + 1}`,
    name: `n${i + 1}`,
    address4: `10.77.0.${i + 1}`,
    address6: random.chance(90) ? `fd12:3456:789a::${i + 1}` : null,
    site: random.chance(70) ? random.one(SITES) : null,
    tags: random.chance(50) ? [...new Set(random.some(TAGS, 2))] : [],
    owner: random.chance(40) ? random.one(USERS) : null,
    podRanges: hasCluster && random.chance(70) ? [`10.42.${i + 1}.0/24`, `fd00:42:0:${i + 1}::/64`] : [],
  }))
  const devices = Array.from({ length: random.below(4) }, (_, i) => ({
    id: `device-${i + 1}`,
    name: `laptop-${i + 1}`,
    owner: random.one(USERS),
    address4: `10.77.0.${101 + i}`,
    address6: `fd12:3456:789a::${(101 + i).toString(16)}`,
  }))
  const inCluster = nodes
    .filter(() => random.chance(70))
    .map(({ id }) => ({ id, role: random.chance(40) ? ('server' as const) : ('agent' as const) }))
  return {
    cidr4: '10.77.0.0/16',
    cidr6: 'fd12:3456:789a::/48',
    nodes,
    devices,
    members: USERS.map((email, i) => ({ email, role: (['owner', 'admin', 'viewer'] as const)[i] ?? 'viewer' })),
    sites: [...SITES],
    clusters: hasCluster
      ? [
          {
            name: 'prod',
            nodes: inCluster,
            podRanges: POD_RANGES,
            serviceRanges: ['10.43.0.0/16'],
            backend: 'host-gw',
            datastore: 'sqlite',
          },
        ]
      : [],
    carrier: random.chance(80) ? (nodes[0]?.id ?? null) : null,
  }
}

export function randomPolicy(random: Random, world: World): PlainPolicy {
  const hosts = { alpha: '10.77.0.2', beta: '10.77.0.0/29', gamma: 'fd12:3456:789a::3', lan: '10.42.1.0/25' }
  const groups = { 'group:x': random.some(USERS, 2), 'group:y': [random.one(USERS), '*@b.example'], 'group:none': [] }
  const policy = { groups, tagOwners: Object.fromEntries(TAGS.map((tag) => [`tag:${tag}`, []])), hosts }
  if (random.chance(3)) return policy
  const rules = Array.from({ length: random.below(6) }, () => {
    const proto = random.chance(60)
      ? undefined
      : random.one(['tcp', 'udp', 'icmp', 'sctp', '47', '6', 'ipv6-icmp', '1'])
    const onlyAll = proto !== undefined && !['tcp', 'udp', 'sctp', '6'].includes(proto)
    return {
      action: 'accept',
      ...(proto === undefined ? {} : { proto }),
      src: random.some(words(random, world, 'src'), 3),
      dst: random
        .some(words(random, world, 'dst'), 4)
        .map((word) => `${/:.*:/.test(word) ? `[${word}]` : word}:${onlyAll ? '*' : ports(random)}`),
    }
  })
  return { ...policy, acls: rules }
}

function words(random: Random, world: World, role: 'src' | 'dst'): string[] {
  const node = random.one(world.nodes)
  const cluster = world.clusters.length > 0 ? ['cluster:prod', 'servers:prod', 'pods:prod'] : []
  return [
    ...[
      '*',
      'group:x',
      'group:y',
      'group:none',
      'autogroup:member',
      'autogroup:tagged',
      'autogroup:admin',
      'autogroup:danger-all',
    ],
    ...TAGS.map((tag) => `tag:${tag}`),
    ...SITES.map((site) => `site:${site}`),
    ...USERS,
    ...['alpha', 'beta', 'gamma', 'lan', '*@a.example'],
    ...[
      '10.77.0.3',
      '10.77.0.2-10.77.0.5',
      '10.42.2.0/23',
      '10.77.0.100/30',
      'fd12:3456:789a::2',
      'fd12:3456:789a::/125',
      'fd00:42:0:1::/65',
    ],
    ...[`node:${node.name}`, ...cluster],
    ...(role === 'dst' ? ['autogroup:self', 'autogroup:self'] : []),
  ]
}

function ports(random: Random): string {
  if (random.chance(35)) return '*'
  return Array.from({ length: 1 + random.below(3) }, () => {
    const first = random.one([0, 1, 22, 79, 80, 81, 443, 1000, 65_534, 65_535])
    const last = Math.min(65_535, first + random.one([0, 0, 1, 2, 1000]))
    return first === last ? String(first) : `${first}-${last}`
  }).join(',')
}

/** Every port at which a rule begins or ends, and its neighbours. */
export function portEdges(policy: PlainPolicy): number[] {
  const edges = new Set([0, 80, 65_535])
  for (const { dst } of policy.acls ?? [])
    for (const entry of dst as string[])
      for (const range of entry.slice(entry.lastIndexOf(':') + 1).split(',')) {
        if (range === '*') continue
        const [first, last] = range.split('-').map(Number) as [number, number | undefined]
        for (const port of [first - 1, first, last ?? first, (last ?? first) + 1])
          if (port >= 0 && port <= 65_535) edges.add(port)
      }
  return [...edges]
}

/** Of all machines and pods in a family, and some of nobody. */
export function addressesIn(world: World, family: 4 | 6): string[] {
  const machines = [...world.nodes, ...world.devices].flatMap(
    ({ address4, address6 }) => (family === 4 ? address4 : address6) ?? [],
  )
  const pods = world.nodes.flatMap(({ podRanges }, i) =>
    podRanges.length === 0
      ? []
      : family === 4
        ? [`10.42.${i + 1}.5`, `10.42.${i + 1}.200`]
        : [`fd00:42:0:${i + 1}::5`, `fd00:42:0:${i + 1}:8000::5`],
  )
  return [...machines, ...pods]
}
