/**
 * The policy language once more, as slowly and plainly as it can be said: for one packet it walks every rule of the JSON and asks of each
 * word whether it means the address. Shares no code with the compiler but the world's rows; addresses are hex digits here, not numbers.
 */
import type { World } from '../world.ts'

export type Packet = {
  readonly from: string
  readonly to: string
  readonly protocol: number
  readonly port: number | null
}

// biome-ignore lint/suspicious/noExplicitAny: the oracle reads what JSON.parse gives
export type PlainPolicy = any

export function oracle(policy: PlainPolicy, world: World, { from, to, protocol, port }: Packet): boolean {
  const isV6 = from.includes(':')
  if (isV6 !== to.includes(':')) return false
  if ((isV6 && protocol === 1) || (!isV6 && protocol === 58)) return false
  if (remembered(policy, `${from} is ${to}`, () => sameMachine(world, from, to))) return true
  if (policy.acls === undefined) return true
  for (const rule of policy.acls)
    for (const entry of rule.dst as string[]) {
      const bracketed = /^\[(.*)\]:(.*)$/.exec(entry)
      const cut = entry.lastIndexOf(':')
      const [whom, ports] = bracketed
        ? [bracketed[1] ?? '', bracketed[2] ?? '']
        : [entry.slice(0, cut), entry.slice(cut + 1)]
      if (!speaks(rule.proto, protocol) || !fits(ports, protocol, port)) continue
      const sender = (rule.src as string[]).some((word) => means(policy, world, word, from))
      if (!sender) continue
      if (whom === 'autogroup:self') {
        const owner = ownerOf(world, to)
        if (owner !== null && owner === ownerOf(world, from)) return true
      } else if (means(policy, world, whom, to)) return true
    }
  return isProbe(world, from, to, protocol)
}

function isProbe(world: World, from: string, to: string, protocol: number): boolean {
  if (protocol !== 1) return false
  const carrier = world.nodes.find(({ id }) => id === world.carrier)
  if (!carrier) return false
  const isNode = world.nodes.some(({ address4 }) => address4 === to)
  return (carrier.address4 === from && isNode) || (carrier.address4 === to && inRange(from, world.cidr4))
}

const NUMBERS: Record<string, number[]> = {
  tcp: [6],
  udp: [17],
  icmp: [1, 58],
  sctp: [132],
  gre: [47],
  'ipv6-icmp': [58],
}

const speaks = (proto: string | undefined, protocol: number): boolean =>
  (proto === undefined ? [6, 17, 1, 58] : (NUMBERS[proto] ?? [Number(proto)])).includes(protocol)

function fits(ports: string, protocol: number, port: number | null): boolean {
  if (![6, 17, 132].includes(protocol) || ports === '*') return true
  return ports.split(',').some((range) => {
    const [first, last] = range.split('-')
    return port !== null && Number(first) <= port && port <= Number(last ?? first)
  })
}

function means(policy: PlainPolicy, world: World, word: string, address: string): boolean {
  return remembered(policy, `${word} means ${address}`, () => isMeant(policy, world, word, address))
}

function isMeant(policy: PlainPolicy, world: World, word: string, address: string): boolean {
  if (word === '*' || word === 'autogroup:danger-all')
    return [world.cidr4, world.cidr6, ...world.clusters.flatMap(({ podRanges }) => podRanges)].some((range) =>
      inRange(address, range),
    )
  if (word.startsWith('group:'))
    return policy.groups[word].some((member: string) => means(policy, world, member, address))
  if (policy.hosts && Object.hasOwn(policy.hosts, word)) return means(policy, world, policy.hosts[word], address)
  const node = world.nodes.find(({ address4, address6 }) => address4 === address || address6 === address)
  const [kind, name] = [word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1)]
  switch (kind) {
    case 'node':
      return node?.name === name
    case 'site':
      return node?.site === name
    case 'tag':
      return node?.tags.includes(name) ?? false
    case 'cluster':
      return world.clusters.some((cluster) => cluster.name === name && cluster.nodes.some(({ id }) => id === node?.id))
    case 'servers':
      return world.clusters.some(
        (cluster) =>
          cluster.name === name && cluster.nodes.some(({ id, role }) => id === node?.id && role === 'server'),
      )
    case 'pods':
      return world.clusters.some(
        (cluster) => cluster.name === name && cluster.podRanges.some((range) => inRange(address, range)),
      )
  }
  const owner = ownerOf(world, address)
  if (word === 'autogroup:member') return owner !== null
  if (word === 'autogroup:tagged') return (node?.tags.length ?? 0) > 0
  if (word === 'autogroup:admin' || word === 'autogroup:owner')
    return world.members.some(({ email, role }) => email === owner && `autogroup:${role}` === word)
  if (word.startsWith('*@')) return owner?.endsWith(word.slice(1)) ?? false
  if (word.includes('@')) return owner === word
  if (word.includes('/')) return inRange(address, word)
  const [first, last] = word.split('-') as [string, string | undefined]
  if (address.includes(':') !== first.includes(':')) return false
  return hex(first) <= hex(address) && hex(address) <= hex(last ?? first)
}

function ownerOf(world: World, address: string): string | null {
  const has = ({ address4, address6 }: { address4: string | null; address6: string | null }) =>
    address4 === address || address6 === address
  const node = world.nodes.find(has)
  if (node) return node.tags.length > 0 ? null : node.owner
  return world.devices.find(has)?.owner ?? null
}

function sameMachine(world: World, a: string, b: string): boolean {
  const on = (address: string) =>
    world.nodes.find(
      (node) =>
        node.address4 === address ||
        node.address6 === address ||
        node.podRanges.some((range) => inRange(address, range)),
    )?.id ?? world.devices.find((device) => device.address4 === address || device.address6 === address)?.id
  return on(a) !== undefined && on(a) === on(b)
}

function inRange(address: string, range: string): boolean {
  const [base, length] = range.split('/') as [string, string]
  if (address.includes(':') !== base.includes(':')) return false
  const bits = (text: string) =>
    [...hex(text)]
      .map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'))
      .join('')
      .slice(0, Number(length))
  return bits(address) === bits(base)
}

/** All digits of an address, so that text order is number order. */
function hex(address: string): string {
  const known = digits.get(address)
  if (known) return known
  const text = address.includes(':')
    ? hex6(address)
    : address
        .split('.')
        .map((octet) => Number(octet).toString(16).padStart(2, '0'))
        .join('')
  digits.set(address, text)
  return text
}

function hex6(address: string): string {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = Array<string>(8 - left.length - right.length).fill('0')
  return [...left, ...middle, ...right].map((group) => group.padStart(4, '0')).join('')
}

const digits = new Map<string, string>()

/** The same question about the same policy is asked for every port. */
function remembered(policy: PlainPolicy, question: string, answer: () => boolean): boolean {
  const answers = memory.get(policy) ?? new Map<string, boolean>()
  memory.set(policy, answers)
  const known = answers.get(question)
  if (known !== undefined) return known
  const value = answer()
  answers.set(question, value)
  return value
}

const memory = new WeakMap<object, Map<string, boolean>>()
