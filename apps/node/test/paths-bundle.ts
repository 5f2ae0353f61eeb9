import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'

/** One machine of a network as the files below need it. */
export type PathsNode = {
  name: string
  ordinal: number
  key: string
  /** Of a gateway, for life; null on members. */
  number: number | null
  host: string
  /** A member's gateways by name: of its base and of its second interface, and which is preferred. */
  slots: { a: string; b: string | null; first: 'a' | 'b' } | null
  /** Of its direct interface, once it has told it. */
  directKey: string | null
  /** LAN ranges behind it. */
  routes: readonly string[]
}
export type PathsWorld = {
  nodes: readonly PathsNode[]
  /** Whether two may be direct, and where the second may be found from the first: `lan 192.168.1.10:5000`. */
  candidates: (from: PathsNode, to: PathsNode) => readonly string[] | null
}

const ULA = 'fd12:3456:789a'
export const v4 = (ordinal: number) => `10.77.0.${ordinal}`
export const v6 = (ordinal: number) => `${ULA}::${ordinal}`
export const pod = (ordinal: number) => `10.42.${ordinal}.1`
const probe = (slot: number, ordinal: number) => `${ULA}:ff${slot.toString(16).padStart(2, '0')}::${ordinal}`
const range = (slot: number) => `${ULA}:ff${slot.toString(16).padStart(2, '0')}::/64`
const OVERLAY = ['10.77.0.0/16', `${ULA}::/48`]
const PODS = '10.42.0.0/16'
const own = ({ ordinal, routes }: PathsNode) => [
  `${v4(ordinal)}/32`,
  `${v6(ordinal)}/128`,
  `10.42.${ordinal}.0/24`,
  ...routes,
]

/** The files of a bundle by hand, as docs/protocol.md has them: what a node has when there are several gateways or direct paths. */
export function pathsBundle(world: PathsWorld, node: PathsNode): BundleFile[] {
  const files = node.number === null ? member(world, node) : gateway(world, node)
  const settings = [
    `role ${node.number === null ? 'member' : 'gateway'}`,
    ...['base span0', 'mark 14080', `overlay ${OVERLAY.join(' ')}`, `own ${own(node).join(' ')}`, `pods ${PODS}`],
    ...[`source ${v4(node.ordinal)} ${v6(node.ordinal)}`, 'keepalive 25'],
    ...(node.number === null ? [] : [`number ${node.number}`]),
  ]
  return Object.entries({ ...files, 'paths/settings': settings }).map(([name, lines]) => ({
    name,
    text: lines.length === 0 ? '' : `${lines.join('\n')}\n`,
  }))
}

type Files = Record<string, string[]>

function member(world: PathsWorld, node: PathsNode): Files {
  const gateways = world.nodes.filter(({ number }) => number !== null)
  const named = (name: string | null | undefined) => gateways.find((gateway) => gateway.name === name)
  const [a, b] = [named(node.slots?.a), named(node.slots?.b)]
  if (!a) throw new Error(`${node.name} has no gateway`)
  const lans = world.nodes.flatMap(({ name, routes }) => (name === node.name ? [] : routes))
  const everything = [...OVERLAY, PODS, ...lans]
  const second = b ? faceOf('span0b', 1, node, [[b, everything]]) : {}
  const direct = directOf(world, node)
  const order = b ? (node.slots?.first === 'b' ? ['span0b', 'span0'] : ['span0', 'span0b']) : ['span0']
  const away = node.slots?.first === 'b' ? a : b
  return merge(
    {
      addresses: [
        `span0 ${v4(node.ordinal)}/16`,
        `span0 ${v6(node.ordinal)}/64`,
        `span0 ${probe(0, node.ordinal)}/128`,
      ],
      routes: [`span0 ${range(0)}`],
      sysctls: [],
      names: [`${a.key} ${a.name}`],
      probes: [`span0 ${a.key} ${probe(0, a.ordinal)} ${v4(a.ordinal)}`],
      'peers/span0': peer(a.key, everything, `${a.host}:51820`),
      'paths/destinations': [
        `default ${[...OVERLAY, ...lans].join()} ${order.join(' ')}`,
        ...(b && away ? [`${away.name} ${own(away).join()} ${[...order].reverse().join(' ')}`] : []),
      ],
    },
    second,
    direct,
  )
}

function gateway(world: PathsWorld, node: PathsNode): Files {
  const others = world.nodes.filter(({ number }) => number !== null && number !== node.number)
  const members = world.nodes.filter(({ number }) => number === null)
  const mine = members.flatMap((member) => {
    const slot = member.slots?.a === node.name ? 0 : member.slots?.b === node.name ? 1 : null
    return slot === null ? [] : [{ member, slot }]
  })
  const towards = (name: string | null | undefined) => {
    const other = others.find((gateway) => gateway.name === name)
    return other ? [`span0g${other.number}`] : []
  }
  const ways = (member: PathsNode) => {
    const { a, b, first } = member.slots ?? { a: '', b: null, first: 'a' }
    if (a === node.name || b === node.name)
      return [`span0:${member.key}`, ...towards(a), ...towards(b).filter(() => b !== node.name)]
    return (first === 'a' ? [a, b] : [b, a]).flatMap(towards)
  }
  const interconnects = others.map((other) => {
    const face = `span0g${other.number}`
    const [there, here] = [16 + (node.number ?? 0) - 1, 16 + (other.number ?? 0) - 1]
    return {
      'paths/interfaces': [`${face} ${51820 + (other.number ?? 0)} 1420 main`],
      'paths/addresses': [v4(node.ordinal), v6(node.ordinal), probe(here, node.ordinal)].map(
        (address) => `${face} ${address}/${address.includes(':') ? 128 : 32}`,
      ),
      'paths/routes': [`${face} ${probe(there, other.ordinal)}/128`],
      [`paths/peers.${face}`]: peer(other.key, ['0.0.0.0/0', '::/0'], `${other.host}:${51820 + (node.number ?? 0)}`),
      'paths/probes': [`${face} ${other.key} ${probe(there, other.ordinal)} ${v4(other.ordinal)}`],
      'paths/names': [`${other.key} ${other.name}`],
      'paths/destinations': [`${other.name} ${own(other).join()} ${face}`],
    }
  })
  const reflected = members.flatMap(({ directKey }) => (directKey ? peer(directKey, [], null) : []))
  return merge(
    {
      addresses: [`${v4(node.ordinal)}/16`, `${v6(node.ordinal)}/64`, `${probe(0, node.ordinal)}/128`].map(
        (cidr) => `span0 ${cidr}`,
      ),
      routes: [`span0 ${range(0)}`, `span0 ${range(1)}`, `span0 ${PODS}`],
      sysctls: ['net.ipv4.ip_forward 1', 'net.ipv6.conf.all.forwarding 1'],
      names: mine.map(({ member }) => `${member.key} ${member.name}`),
      probes: mine.map(
        ({ member, slot }) => `span0 ${member.key} ${probe(slot, member.ordinal)} ${v4(member.ordinal)}`,
      ),
      'peers/span0': mine
        .flatMap(({ member, slot }) => peer(member.key, [...own(member), `${probe(slot, member.ordinal)}/128`], null))
        .concat(reflected),
      'paths/destinations': members.map((member) => `${member.name} ${own(member).join()} ${ways(member).join(' ')}`),
    },
    { addresses: [`span0 ${probe(1, node.ordinal)}/128`] },
    ...interconnects,
  )
}

function directOf(world: PathsWorld, node: PathsNode): Files {
  if (!node.directKey) return {}
  const pairs = world.nodes.flatMap((other): [PathsNode, readonly string[]][] => {
    const at = other.name === node.name || !other.directKey ? null : world.candidates(node, other)
    return at ? [[other, at]] : []
  })
  const gateways = world.nodes.filter(({ number }) => number !== null)
  const keyOf = ({ directKey }: PathsNode) => directKey ?? ''
  return {
    'paths/interfaces': ['span0d 0 1420 direct'],
    'paths/addresses': [
      `span0d ${v4(node.ordinal)}/32`,
      `span0d ${v6(node.ordinal)}/128`,
      `span0d ${probe(2, node.ordinal)}/128`,
    ],
    'paths/routes': [`span0d ${range(2)}`],
    'paths/peers.span0d': [
      ...gateways.flatMap((gateway) => peer(gateway.key, [], `${gateway.host}:51820`)),
      ...pairs.flatMap(([other]) => peer(keyOf(other), [...own(other), `${probe(2, other.ordinal)}/128`], null, 25)),
    ],
    'paths/probes': pairs.map(([other]) => `span0d ${keyOf(other)} ${probe(2, other.ordinal)} ${v4(other.ordinal)}`),
    'paths/names': pairs.map(([other]) => `${keyOf(other)} ${other.name}`),
    'paths/endpoints': pairs.flatMap(([other, at]) => at.map((candidate) => `${keyOf(other)} ${candidate}`)),
    'paths/destinations': pairs.map(([other]) => `${other.name} ${own(other).join()} span0d:${keyOf(other)} default`),
  }
}

function faceOf(face: string, slot: number, node: PathsNode, peers: [PathsNode, readonly string[]][]): Files {
  return {
    'paths/interfaces': [`${face} 0 1420 main`],
    'paths/addresses': [
      `${face} ${v4(node.ordinal)}/32`,
      `${face} ${v6(node.ordinal)}/128`,
      `${face} ${probe(slot, node.ordinal)}/128`,
    ],
    'paths/routes': [`${face} ${range(slot)}`],
    [`paths/peers.${face}`]: peers.flatMap(([other, ranges]) => peer(other.key, ranges, `${other.host}:51820`)),
    'paths/probes': peers.map(([other]) => `${face} ${other.key} ${probe(slot, other.ordinal)} ${v4(other.ordinal)}`),
    'paths/names': peers.map(([other]) => `${other.key} ${other.name}`),
  }
}

function peer(
  key: string,
  ranges: readonly string[],
  endpoint: string | null,
  keepalive = endpoint ? 25 : 0,
): string[] {
  return [
    ...['[Peer]', `PublicKey = ${key}`],
    ...(ranges.length === 0 ? [] : [`AllowedIPs = ${ranges.join(', ')}`]),
    ...(endpoint ? [`Endpoint = ${endpoint}`] : []),
    ...[`PersistentKeepalive = ${keepalive || 'off'}`, ''],
  ]
}

const EMPTY = ['interfaces', 'addresses', 'routes', 'probes', 'names', 'endpoints', 'destinations']

function merge(...parts: Files[]): Files {
  const all: Files = Object.fromEntries(EMPTY.map((name) => [`paths/${name}`, []]))
  for (const part of parts)
    for (const [name, lines] of Object.entries(part)) all[name] = [...(all[name] ?? []), ...lines]
  return all
}
