import { expect, test } from 'vitest'
import { type Filter, filterNodes, NO_SITE } from './filter-nodes.ts'
import type { NodeRow } from './node-row.ts'
import { worstFirst } from './trouble.ts'

const good = { status: 'good' as const, text: '', at: null }
const none = { status: 'none' as const, text: '', at: null }

function node(name: string, change: Partial<NodeRow> = {}): NodeRow {
  return {
    id: name,
    name,
    role: 'member',
    state: 'active',
    siteId: null,
    siteName: null,
    labels: {},
    endpoint: null,
    address4: null,
    address6: null,
    os: null,
    kernel: null,
    facts: { reporting: good, tunnels: good, cluster: none },
    revision: { desired: 3, applied: 3, epochApplied: 1, current: true, pendingSince: null },
    ...change,
  } as NodeRow
}

const everything: Filter = { search: '', state: null, site: null, role: null, trouble: false }
const bad = { reporting: good, tunnels: { ...good, status: 'bad' as const }, cluster: none }
const late = { reporting: { ...good, status: 'warn' as const }, tunnels: good, cluster: none }

const rows = [
  node('home-10', { siteId: 's1', siteName: 'Køge', labels: { zone: 'eu' } }),
  node('home-2', { address4: '10.77.0.2' }),
  node('gw', { role: 'gateway', siteId: 's1', siteName: 'Køge', endpoint: '203.0.113.7:51820' }),
  node('cut', { facts: bad }),
  node('late', { facts: late }),
  node('guest', { state: 'invited' }),
  node('twin', { state: 'quarantined' }),
]

test.each([
  { it: 'by a part of the name', filter: { search: 'home' }, want: ['home-10', 'home-2'] },
  { it: 'by an address', filter: { search: '10.77.0.2' }, want: ['home-2'] },
  { it: 'by an endpoint', filter: { search: '203.0.113.7' }, want: ['gw'] },
  { it: 'by a label as it is written', filter: { search: 'zone=eu' }, want: ['home-10'] },
  { it: 'by all of several words, in any order', filter: { search: 'køge home' }, want: ['home-10'] },
  { it: 'by site', filter: { site: 's1' }, want: ['home-10', 'gw'] },
  { it: 'by having no site', filter: { site: NO_SITE, state: 'invited' }, want: ['guest'] },
  { it: 'by role', filter: { role: 'gateway' }, want: ['gw'] },
  { it: 'by trouble, which an open invitation is not', filter: { trouble: true }, want: ['cut', 'late', 'twin'] },
] as const)('nodes are found $it', ({ filter, want }) => {
  expect(filterNodes(rows, { ...everything, ...filter }).map((row) => row.name)).toEqual(want)
})

test('without a filter the very same rows come back, so that nothing is drawn again', () => {
  expect(filterNodes(rows, everything)).toBe(rows)
})

test('the worst stands first, then names as people count', () => {
  expect(worstFirst(rows).map((row) => row.name)).toEqual(['twin', 'cut', 'late', 'guest', 'gw', 'home-2', 'home-10'])
})

test('a node behind its configuration stands before those that only wait', () => {
  const behind = node('behind', {
    revision: { desired: 3, applied: 2, epochApplied: 1, current: false, pendingSince: null },
  })
  expect(
    worstFirst([...rows, behind])
      .map((row) => row.name)
      .slice(0, 5),
  ).toEqual(['twin', 'cut', 'late', 'behind', 'guest'])
})
