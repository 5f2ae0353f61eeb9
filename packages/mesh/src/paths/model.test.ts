/**
 * Random networks live on: machines join, leave, move, tunnels are cut. After each step packets are followed through what the script would
 * make of the rendered files, and held against a plain reference that knows nothing of tables: who can reach whom, and by whom.
 */
import { expect, test } from 'vitest'
import { type Random, randomOf } from '../policy/testing/random.ts'
import { directPeersOf } from './direct-pairs.ts'
import { pairWay } from './pair-way.ts'
import { plan } from './plan.ts'
import { idOf, type Rows, randomRow, randomRows, withSlots } from './testing/random-rows.ts'
import { type Belief, follow, lookupsOf, type TestWorld, testWorld } from './testing/test-world.ts'

const SEEDS = 60
const STEPS = 4

test('every packet takes the way that the reference has, in both directions, and one cut tunnel or gateway stops nobody', {
  timeout: 120_000,
}, () => {
  let [reached, stopped, direct, relayed] = [0, 0, 0, 0]
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed)
    let rows = randomRows(random)
    let before = plan(rows)
    for (let step = 0; step < STEPS; step++) {
      const world = testWorld(rows, plan(rows, before))
      before = world.network
      const cut = randomCuts(random, world)
      const carries: Belief = (id, name, key) => !isCut(world, cut, id, name, key)
      const lookups = lookupsOf(world, carries)
      for (const [from, to, source, destination] of packets(world, random)) {
        const journey = follow(world, lookups, from, source, destination, carries)
        const expected = reference(world, from, to, carries)
        const told = `seed ${seed} step ${step}: ${from} to ${to} (${destination}): ${journey.end}`
        expect(journey.arrives ? journey.through : null, told).toEqual(expected)
        // A gateway has one way to another and no further one, so that two never send a packet to and fro.
        const isToGateway = world.network.carried.has(to)
        if (cut.size === 0 || (cut.size === 1 && !isToGateway))
          expect(journey.arrives, told).toBe(isConnected(world, from, to, carries))
        if (journey.arrives) reached++
        else stopped++
        if (journey.through.length > 2) relayed++
        if (journey.interfaces[0] === 'span0d') direct++
      }
      rows = changed(random, rows, step)
    }
  }
  // The test would prove little if it met only one kind.
  expect(Math.min(reached, relayed) / SEEDS).toBeGreaterThan(20)
  expect(Math.min(stopped, direct) / SEEDS).toBeGreaterThan(5)
})

test('whatever each machine believes, and whichever revision it has, no packet goes round in a loop', {
  timeout: 120_000,
}, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(10_000 + seed)
    const rows = randomRows(random)
    const [old, next] = [testWorld(rows), testWorld(changed(random, changed(random, rows, 1), 0))]
    const machines = new Map(
      [...next.machines].map(([id, machine]) => [id, random.chance(50) ? (old.machines.get(id) ?? machine) : machine]),
    )
    const world = { ...next, machines }
    const lookups = lookupsOf(world, () => random.chance(50))
    for (const [from, , source, destination] of packets(world, random)) {
      const { through } = follow(world, lookups, from, source, destination, () => true)
      expect(new Set(through).size).toBe(through.length)
      expect(through.length).toBeLessThanOrEqual(5)
    }
  }
})

test('the way that is told of a pair is the way that packets take', { timeout: 120_000 }, () => {
  let arrived = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(20_000 + seed)
    const world = testWorld(randomRows(random))
    const cut = randomCuts(random, world)
    const carries: Belief = (id, name, key) => !isCut(world, cut, id, name, key)
    const lookups = lookupsOf(world, carries)
    for (const [from, to, source, destination] of packets(world, random)) {
      if (!world.network.seats.has(from) || !world.network.seats.has(to)) continue
      const journey = follow(world, lookups, from, source, destination, carries)
      if (!journey.arrives) continue
      arrived++
      const { hops } = pairWay(world.network, from, to, (id, peer) => wayOf(world, id, peer, carries))
      const told = `seed ${seed}: ${from} to ${to} (${destination})`
      expect([from, ...hops.map((hop) => hop.to)], told).toEqual(journey.through)
      expect(
        hops.map((hop) => hop.interfaceName),
        told,
      ).toEqual(journey.interfaces)
    }
  }
  expect(arrived / SEEDS).toBeGreaterThan(20)
})

/** What the part says of a destination: the first way in its line that lives; of the node itself that of its default line. */
function wayOf(world: TestWorld, id: string, peer: string, carries: Belief): string | null {
  const machine = world.machines.get(id)
  const name = id === peer ? 'default' : world.network.nodes.get(peer)?.name
  const ways = machine?.destinations.find((line) => line.name === name)?.ways
  if (!machine || !ways) return null
  const isAlive = (way: string): boolean => {
    const [face = '', key] = way.split(':')
    const peers = [...(machine.interfaces.get(face)?.peers.values() ?? [])].filter(
      ({ allowedIps }) => allowedIps.length > 0,
    )
    const only = key ?? peers[0]?.publicKey
    return way === 'default' || (only !== undefined && carries(id, face, only))
  }
  return (
    ways.find(isAlive) ??
    (machine.destinations.some((line) => line.name === 'default') ? (ways[0] ?? null) : 'unreachable')
  )
}

type Cuts = ReadonlySet<string>

/** Tunnels between two nodes by all interfaces, single tunnels, or all of a gateway. */
function randomCuts(random: Random, world: TestWorld): Cuts {
  const count = random.one([0, 1, 1, 1, 2, 4, 8])
  const ids = [...world.network.seats.keys()]
  const gateways = world.network.gateways.map(({ node }) => node.id)
  return new Set(
    Array.from({ length: ids.length > 1 ? count : 0 }, () => {
      if (random.chance(25) && gateways.length > 0) return random.one(gateways)
      const [a, b] = [random.one(ids), random.one(ids)].sort()
      return random.chance(50) ? `${a} ${b}` : `${a} ${b} direct`
    }),
  )
}

function isCut(world: TestWorld, cut: Cuts, id: string, name: string, key: string): boolean {
  const far = world.farEnd(id, name, key)
  if (!far) return true
  const [a, b] = [id, far.id].sort()
  const kind = name === 'span0d' ? `${a} ${b} direct` : `${a} ${b}`
  return cut.has(kind) || cut.has(id) || cut.has(far.id)
}

/** Between all that are at work: their addresses of both families, pods that both have, and a machine in the LAN behind one. */
function packets(world: TestWorld, random: Random): [string, string, string, string][] {
  const ids = [...world.network.seats.keys()]
  const hostOf = (range: string) => range.replace(/[^.:]*\/\d+$/, '') + (range.includes(':') ? ':9'.slice(1) : '9')
  const list: [string, string, string, string][] = []
  for (const from of ids)
    for (const to of ids) {
      if (from === to) continue
      const [own, far] = [ownOf(world, from), ownOf(world, to)]
      const family = random.below(2)
      list.push([from, to, bare(own[family] ?? ''), bare(far[family] ?? '')])
      const pods = (ranges: readonly string[]) => ranges.filter((range) => range.startsWith('10.42.'))
      const [a, b] = [pods(own)[0], pods(far)[0]]
      if (a && b) list.push([from, to, hostOf(a), hostOf(b)])
      const lan = far.find((range) => range.startsWith('192.168.') || range.startsWith('172.30.'))
      if (lan) list.push([from, to, bare(own[0] ?? ''), hostOf(lan)])
    }
  return list
}

const bare = (cidr: string): string => cidr.split('/')[0] ?? ''

/** From the settings of the part; without paths from the plan's own words. */
function ownOf(world: TestWorld, id: string): readonly string[] {
  const own = world.machines.get(id)?.settings.get('own')
  if (own) return own
  const ordinal = world.network.nodes.get(id)?.ordinal ?? 0
  return [`10.77.0.${ordinal}/32`, `fd12:3456:789a::${ordinal.toString(16)}/128`]
}

/** What the design promises, said plainly: the ids on the way, or null. */
function reference(world: TestWorld, from: string, to: string, carries: Belief): string[] | null {
  const { network } = world
  const [a, b] = [network.seats.get(from), network.seats.get(to)]
  const key = (id: string) => network.nodes.get(id)?.publicKey ?? ''
  if (!a || !b) return null
  const [endA, endB] = [network.ends.get(from), network.ends.get(to)]
  if (
    endA &&
    endB &&
    directPeersOf(network.directPairs, endA).includes(endB) &&
    carries(from, 'span0d', endB.publicKey)
  )
    return [from, to]
  const order = (slots: typeof a.slots) =>
    (slots ? (slots.first === 'a' ? [slots.a, slots.b] : [slots.b, slots.a]) : []).filter((id) => id !== null)
  const up = (member: typeof a, gateway: string) =>
    carries(member.id, member.slots?.a === gateway ? 'span0' : 'span0b', key(gateway))
  const between = (x: string, y: string) => carries(x, `span0g${network.seats.get(y)?.number}`, key(y))
  if (a.slots && order(a.slots).includes(to) && up(a, to)) return [from, to]
  const first = a.slots ? order(a.slots).find((gateway) => up(a, gateway)) : from
  if (first === undefined) return null
  const begun = first === from ? [from] : [from, first]
  if (!b.slots) return first === to ? begun : between(first, to) ? [...begun, to] : null
  const theirs = order(b.slots)
  const second = theirs.includes(first) ? first : theirs.find((gateway) => between(first, gateway))
  if (second === undefined) return null
  const way = second === first ? begun : [...begun, second]
  if (up(b, second)) return [...way, to]
  const third = theirs.find((gateway) => gateway !== second && gateway !== (second === first ? null : first))
  return third && between(second, third) && up(b, third) ? [...way, third, to] : null
}

/** Whether any chain of gateways leads there. */
function isConnected(world: TestWorld, from: string, to: string, carries: Belief): boolean {
  const { network, machines } = world
  const reached = new Set([from])
  const queue = [from]
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (at !== from && !network.carried.has(at)) continue
    for (const { name, peers } of machines.get(at)?.interfaces.values() ?? [])
      for (const { publicKey, allowedIps } of peers.values()) {
        const far = world.farEnd(at, name, publicKey)
        // A direct tunnel carries what is of its two ends, and of nobody else.
        if (!far || allowedIps.length === 0 || reached.has(far.id) || !carries(at, name, publicKey)) continue
        reached.add(far.id)
        queue.push(far.id)
      }
  }
  return reached.has(to)
}

/** A machine joins, leaves or is changed, slots move, the topology is another. */
function changed(random: Random, rows: Rows, step: number): Rows {
  const kind = random.below(5)
  if (kind === 0) return { ...rows, nodes: [...rows.nodes, randomRow(random, 40 + step, random.chance(30))] }
  if (kind === 1) return { ...rows, nodes: rows.nodes.filter(() => !random.chance(20)) }
  if (kind === 2) return { ...rows, nodes: withSlots(random, rows.nodes) }
  if (kind === 3) return { ...rows, topology: random.one(['hub', 'sites', 'mesh']) }
  const one = random.one(rows.nodes.length > 0 ? rows.nodes : [randomRow(random, 1, true)])
  const state = one.state === 'active' ? 'paused' : 'active'
  return {
    ...rows,
    nodes: rows.nodes.map((row) => (row.id === one.id && row.id !== idOf(999) ? { ...row, state } : row)),
  }
}
