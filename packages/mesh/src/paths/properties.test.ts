/** What holds of every plan, on random rows: claims that nobody may make, stale slots and gateways without numbers included. */
import { expect, test } from 'vitest'
import { formatPrefix, overlaps, parsePrefix } from '../ip/prefix.ts'
import { type Random, randomOf } from '../policy/testing/random.ts'
import { goldenServer } from '../protocol/golden-network.ts'
import { goldenPart } from '../protocol/golden-paths.ts'
import { renderBundle } from '../protocol/render-bundle.ts'
import { inputsOf } from './inputs-of.ts'
import { nodeView } from './node-view.ts'
import { type NetworkPlan, plan } from './plan.ts'
import { idOf, type Rows, randomRow, randomRows } from './testing/random-rows.ts'
import { stepOf } from './testing/step-of.ts'
import { testKey } from './testing/test-keys.ts'
import { type TestWorld, testWorld } from './testing/test-world.ts'

const SEEDS = 60

/** The world of each seed, and the numbers that made it. */
function each(offset: number, look: (rows: Rows, random: Random, seed: number) => void): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(offset + seed)
    look(randomRows(random), random, seed)
  }
}

const slow = { timeout: 120_000 }

test('each address is owned by one peer on each interface: AllowedIPs never overlap', slow, () => {
  let compared = 0
  each(30_000, (rows) => {
    for (const machine of testWorld(rows).machines.values())
      for (const { peers } of machine.interfaces.values()) {
        const owned = [...peers.values()].flatMap(({ publicKey, allowedIps }) =>
          allowedIps.map((text) => ({ publicKey, prefix: prefixOf(text) })),
        )
        for (const [i, a] of owned.entries())
          for (const b of owned.slice(i + 1)) {
            if (a.publicKey === b.publicKey) continue
            compared++
            expect(overlaps(a.prefix, b.prefix)).toBe(false)
          }
      }
  })
  expect(compared).toBeGreaterThan(5_000)
})

test('every tunnel is mirrored at its other end, with key, port and probe addresses that answer', slow, () => {
  let mirrored = 0
  each(31_000, (rows) => {
    const world = testWorld(rows)
    for (const [id, machine] of world.machines)
      for (const { name, publicKey, probe6 } of machine.probes) {
        const far = world.farEnd(id, name, publicKey)
        expect(far, `${machine.name} ${name}`).not.toBe(null)
        if (!far) continue
        expect(world.farEnd(far.id, far.interfaceName, far.publicKey)).toMatchObject({ id, interfaceName: name })
        const there = world.machines.get(far.id)
        expect(there?.addresses).toContainEqual({ name: far.interfaceName, cidr: `${probe6}/128` })
        // Back by the same interface, to the address that the far end pings.
        const back = there?.probes.find(
          (probe) => probe.name === far.interfaceName && probe.publicKey === far.publicKey,
        )
        expect(machine.addresses).toContainEqual({ name, cidr: `${back?.probe6}/128` })
        mirrored++
      }
  })
  expect(mirrored).toBeGreaterThan(500)
})

test('every pair has a way by the plan as soon as there is a gateway', slow, () => {
  each(32_000, (rows) => {
    const world = testWorld(rows)
    if (world.network.gateways.length === 0) return
    for (const [id, machine] of world.machines) {
      const seat = world.network.seats.get(id)
      if (seat?.slots) expect(machine.interfaces.get('span0')?.peers.size, machine.name).toBe(1)
      if (!seat || machine.settings.size === 0) continue
      for (const other of world.network.seats.values()) {
        if (other.id === id) continue
        const line = machine.destinations.find(({ name }) => name === other.name || name === 'default')
        expect(line?.ways.length, `${machine.name} to ${other.name}`).toBeGreaterThan(0)
      }
    }
  })
})

test('the order of the rows does not matter, and neither does the plan before', slow, () => {
  each(33_000, (rows, random) => {
    const before = plan(randomRows(random))
    const turned = { ...rows, nodes: shuffled(random, rows.nodes), pairs: shuffled(random, rows.pairs) }
    const [straight, other, after] = [plan(rows), plan(turned), plan(rows, before)]
    for (const { id } of rows.nodes) {
      expect(textOf(other, id)).toBe(textOf(straight, id))
      expect(textOf(after, id)).toBe(textOf(straight, id))
    }
  })
})

test('a range stands in one line only, also after a node was told anew under another name', slow, () => {
  let lans = 0
  each(37_000, (rows) => {
    const before = plan(rows)
    const nodes = rows.nodes.map((row) => ({ ...structuredCopy(row), name: `${row.name}-b` }))
    const world = testWorld({ ...rows, nodes }, plan({ ...rows, nodes }, before))
    for (const { destinations, settings } of world.machines.values()) {
      const ranges = destinations.flatMap(({ cidrs }) => cidrs)
      expect(new Set(ranges).size).toBe(ranges.length)
      lans += (settings.get('routes') ?? []).length
    }
  })
  expect(lans).toBeGreaterThan(50)
})

test('of a node that is removed nothing is left anywhere', slow, () => {
  let removed = 0
  each(34_000, (rows, random) => {
    const gone = random.one(rows.nodes)
    const before = plan(rows)
    const after = plan({ ...rows, nodes: rows.nodes.filter((row) => row !== gone) }, before)
    const marks = [
      gone.publicKey,
      gone.directKey,
      `10.77.0.${gone.ordinal}/32`,
      `${gone.name} `,
      `10.42.${gone.ordinal}.0/24`,
    ]
    for (const { id } of rows.nodes) {
      const text = textOf(after, id)
      for (const mark of marks) expect(mark && text.includes(mark), `${mark} at ${id}`).toBeFalsy()
      if (id !== gone.id && marks.some((mark) => mark && textOf(before, id).includes(mark))) removed++
    }
  })
  expect(removed).toBeGreaterThan(100)
})

test(
  'whose inputs are the same objects has the same view, and most of a large site keep theirs when one joins',
  slow,
  () => {
    let [kept, same] = [0, 0]
    each(35_000, (rows, random) => {
      let [now, before] = [rows, plan(rows)]
      for (let step = 0; step < 4; step++) {
        now = stepOf(random, now, step)
        const after = plan(now, before)
        const fresh = plan(now)
        for (const { id } of now.nodes) {
          expect(textOf(after, id), id).toBe(textOf(fresh, id))
          const [was, is] = [inputsOf(before, id), inputsOf(after, id)]
          if (!sameItems(was, is)) continue
          kept++
          if (textOf(after, id) === textOf(before, id)) same++
          expect(textOf(after, id), id).toBe(textOf(before, id))
        }
        before = after
      }
    })
    expect(kept).toBeGreaterThan(500)
    expect(same).toBe(kept)
  },
)

test('a machine that joins is news to gateways, and to those whom it may reach directly', () => {
  const rows = twoSites(30)
  const before = plan(rows)
  const joined = { ...memberRow(90), siteId: 'home' }
  const after = plan({ ...rows, nodes: [...rows.nodes, joined] }, before)
  const told = rows.nodes.filter(({ id }) => !sameItems(inputsOf(before, id), inputsOf(after, id)))
  expect(told.map(({ siteId, role }) => siteId ?? role).filter((where) => where !== 'home')).toEqual([
    'gateway',
    'gateway',
  ])
  expect(told).toHaveLength(2 + 15)
  const seen = { ...joined, observed: [{ gatewayId: idOf(1), endpoint: '198.51.100.9:4000' }] }
  const later = plan({ ...rows, nodes: [...rows.nodes, seen] }, after)
  const toldAgain = rows.nodes.filter(({ id }) => !sameItems(inputsOf(after, id), inputsOf(later, id)))
  expect(toldAgain.filter(({ role }) => role === 'gateway')).toHaveLength(0)
  expect(toldAgain).toHaveLength(15)
})

test('nobody has more direct peers than it may, and what one has the other has', slow, () => {
  let direct = 0
  each(36_000, (rows) => {
    const world = testWorld({ ...rows, topology: 'mesh', clusterRanges: ['10.42.0.0/16'] })
    for (const [id, machine] of world.machines) {
      const peers = [...(machine.interfaces.get('span0d')?.peers.values() ?? [])].filter(
        ({ allowedIps }) => allowedIps.length > 0,
      )
      expect(peers.length).toBeLessThanOrEqual(rows.directCap ?? 50)
      for (const { publicKey } of peers) expect(world.farEnd(id, 'span0d', publicKey)).not.toBe(null)
      direct += peers.length
      // What stands in the way of the network itself is never called.
      for (const { endpoint } of machine.endpoints) expect(endpoint).not.toMatch(/^(10\.77|10\.42|10\.43|127)\./)
    }
  })
  expect(direct).toBeGreaterThan(100)
})

test('in a site with more machines than a node may have peers, each has its neighbours in a ring', () => {
  const rows = { ...twoSites(60), topology: 'sites' as const, directCap: 6 }
  const world: TestWorld = testWorld(rows)
  for (const [id, machine] of world.machines) {
    if (!world.network.ends.has(id)) continue
    const peers = [...(machine.interfaces.get('span0d')?.peers.values() ?? [])]
    expect(peers.filter(({ allowedIps }) => allowedIps.length > 0)).toHaveLength(6)
  }
})

function twoSites(members: number): Rows {
  const gateway = (ordinal: number, number: number) => ({
    ...memberRow(ordinal),
    ...{ role: 'gateway' as const, endpoint: `203.0.113.${ordinal}:51820`, gatewayNumber: number, siteId: null },
  })
  const nodes = Array.from({ length: members }, (_, i) => ({
    ...memberRow(i + 3),
    siteId: i % 2 === 0 ? 'home' : 'office',
  }))
  return {
    ...randomRows(randomOf(1)),
    topology: 'mesh',
    directCap: 50,
    pairs: [],
    devices: [],
    clusterRanges: [],
    nodes: [gateway(1, 1), gateway(2, 2), ...nodes],
  }
}

function memberRow(ordinal: number) {
  const row = randomRow(randomOf(ordinal), ordinal, false)
  const lanAddresses = [`192.168.1.${ordinal}`]
  return {
    ...row,
    state: 'active' as const,
    directKey: testKey(1000 + ordinal),
    directPort: 41_641,
    lanAddresses,
    slots: null,
    routes: [],
    observed: [],
    endpoint: null,
  }
}

const structuredCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function textOf(network: NetworkPlan, id: string): string {
  const view = nodeView(network, id)
  if (!view) return ''
  const meta = { epoch: 1, revision: 1, tombstone: null }
  return renderBundle(view, goldenServer, meta, () => 'a'.repeat(64), goldenPart)
    .map(({ name, text }) => `${name}\n${text}`)
    .join('\n')
}

function prefixOf(text: string) {
  const prefix = parsePrefix(text)
  if (!prefix.ok) throw new Error(prefix.error.message)
  expect(formatPrefix(prefix.value)).toBe(text)
  return prefix.value
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const rest = [...items]
  return items.flatMap(() => rest.splice(random.below(rest.length), 1))
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i])
