import { expect, test } from 'vitest'
import type { Family } from '../ip/address.ts'
import { ofFamily } from './address-set.ts'
import type { AccessPlan } from './plan-access.ts'
import { type ReachGrouping, reachGroups } from './reach-groups.ts'
import { reachMatrix } from './reach-matrix.ts'
import { reaches } from './reaches.ts'
import { planOf } from './testing/plan-of.ts'
import { SAMPLE_POLICY } from './testing/sample-network.ts'

function matrixOf(text: string, by: ReachGrouping, family: Family = 4) {
  const plan = planOf(text)
  const groups = reachGroups(plan, family, by)
  const cells = reachMatrix(plan, groups, groups)
  const place = (name: string) => groups.findIndex(({ label, members }) => label === name || members.includes(name))
  return { plan, groups, cells, at: (from: string, to: string) => cells[place(from)]?.[place(to)] }
}

test('those who are treated alike are one', () => {
  const { groups, at } = matrixOf(SAMPLE_POLICY, 'alike')
  expect(groups.find(({ label }) => label.startsWith('laptop'))?.members).toEqual(['laptop of ann@example.com'])
  expect(at('laptop of ann@example.com', 'home-1')).toBe(
    'ping; tcp 22, 5432, 6000-6010, 9100; udp 22, 5432, 6000-6010, 9100',
  )
  expect(at('build-1', 'home-1')).toBe('gre')
  expect(at('phone of bob@example.com', 'home-1')).toBe('nothing')
})

test('each node, device and pod range is a row of its own, in the order in which a person looks for them', () => {
  const { groups, at } = matrixOf(SAMPLE_POLICY, 'node')
  expect(groups.map(({ label }) => label)).toEqual([
    ...['build-1', 'gw-1', 'home-1', 'home-2'],
    ...['laptop of ann@example.com', 'phone of bob@example.com'],
    ...['pods of gw-1', 'pods of home-1'],
  ])
  expect(at('pods of gw-1', 'pods of home-1')).toBe('everything')
  expect(at('home-1', 'home-1')).toBe('itself')
  expect(at('home-1', 'pods of home-1')).toBe('itself')
})

test('by site and by tag: devices by whose they are, pods by their cluster, and nodes that have none together', () => {
  expect(matrixOf(SAMPLE_POLICY, 'site').groups.map(({ label, members }) => [label, members.length])).toEqual([
    ['site:berlin', 2],
    ['site:fra', 2],
    ['devices of ann@example.com', 1],
    ['devices of bob@example.com', 1],
    ['pods:prod', 2],
  ])
  expect(matrixOf(SAMPLE_POLICY, 'tag').groups.map(({ label, members }) => [label, members])).toEqual([
    ['tag:ci', ['build-1']],
    ['tag:db', ['home-1']],
    ['nodes without a tag', ['gw-1', 'home-2']],
    ['devices of ann@example.com', ['laptop of ann@example.com']],
    ['devices of bob@example.com', ['phone of bob@example.com']],
    ['pods:prod', ['pods of gw-1', 'pods of home-1']],
  ])
})

const rules = (...acls: string[]) => `{ "acls": [${acls.join(',')}] }`
const rule = (from: string, to: string) =>
  `{ "action": "accept", "proto": "tcp", "src": ["${from}"], "dst": ["${to}"] }`

test.each([
  { it: 'what all of them may', text: rules(rule('site:fra', 'site:berlin:22')), want: 'tcp 22' },
  { it: 'that only some may', text: rules(rule('node:gw-1', 'site:berlin:22')), want: 'some: tcp 22' },
  { it: 'that only some may be reached', text: rules(rule('site:fra', 'node:home-1:22')), want: 'some: tcp 22' },
  {
    it: 'that some may more than others',
    text: rules(rule('site:fra', 'site:berlin:22'), rule('node:gw-1', 'site:berlin:80')),
    want: 'some: tcp 22, 80',
  },
  {
    it: 'what several rules say together',
    text: rules(rule('node:gw-1', 'site:berlin:22'), rule('node:build-1', 'site:berlin:22')),
    want: 'tcp 22',
  },
  { it: 'that nobody may anything', text: rules(), want: 'nothing' },
  { it: 'that there is no policy', text: '{}', want: 'everything' },
])('of groups it says $it', ({ text, want }) => expect(matrixOf(text, 'site').at('site:fra', 'site:berlin')).toBe(want))

test('what a machine may say to itself alone is no rule between others', () => {
  const { at } = matrixOf(rules(rule('node:home-1', 'node:home-1:22')), 'site')
  expect(at('site:berlin', 'site:berlin')).toBe('nothing')
})

const PORTS = [22, 80, 5432, 6443, 9100, 10250]

test.each(['node', 'site', 'tag', 'alike'] as const)(
  'by %s every cell says of its members what is said of each pair',
  (by) => {
    for (const family of [4, 6] as const) {
      const { plan, groups, cells } = matrixOf(SAMPLE_POLICY, by, family)
      const speaks = (from: string, to: string, port: number): boolean | null => {
        const [source, target] = [whereIs(plan, from, family), whereIs(plan, to, family)]
        if (source.machine === target.machine) return null
        return reaches(plan, { from: source.address, to: target.address, protocol: 6, port }).allowed
      }
      groups.forEach((from, row) => {
        groups.forEach((to, column) => {
          const said = cells[row]?.[column] ?? ''
          const where = `IPv${family}, ${from.label} to ${to.label}: ${said}`
          const answers = PORTS.map((port) => {
            const pairs = from.members.flatMap((one) => to.members.map((other) => speaks(one, other, port)))
            return new Set(pairs.filter((answer) => answer !== null))
          })
          const reached = PORTS.filter((_, i) => answers[i]?.has(true))
          expect([where, reached]).toEqual([where, PORTS.filter((port) => lets(said, port))])
          expect([where, answers.some(({ size }) => size === 2)]).toEqual([where, said.startsWith('some: ')])
          expect([where, answers.every(({ size }) => size === 0)]).toEqual([where, said === 'itself'])
        })
      })
    }
  },
)

function lets(said: string, port: number): boolean {
  if (/everything|tcp(;|$)/.test(said)) return true
  const ranges = /tcp ([0-9, -]+)/.exec(said)?.[1]?.split(', ') ?? []
  return ranges.some((range) => {
    const [first, last] = range.split('-').map(Number) as [number, number | undefined]
    return first <= port && port <= (last ?? first)
  })
}

/** One address of a node, of a device, or of the pods on a node. */
function whereIs(plan: AccessPlan, label: string, family: Family) {
  for (const { id, name, owner, addresses, pods } of plan.directory.machines.values()) {
    const isPods = label === `pods of ${name}`
    if (!isPods && label !== name && label !== `${name} of ${owner}`) continue
    const [range] = ofFamily(isPods ? pods : addresses, family)
    return { machine: id, address: { family, value: range?.first ?? 0n } }
  }
  throw new Error(label)
}
