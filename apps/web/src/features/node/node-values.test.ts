import { expect, test } from 'vitest'
import { changesOf, valuesOf } from './node-values.ts'

const gateway = {
  name: 'gw',
  role: 'gateway' as const,
  endpoint: '203.0.113.7:51820',
  siteId: 's1',
  labels: { zone: 'eu', rack: '2' },
  tags: ['db', 'web'],
}

test.each([
  { it: 'nothing when nothing changed', change: {}, want: {} },
  { it: 'nothing when labels were only put in another order', change: { labels: { rack: '2', zone: 'eu' } }, want: {} },
  { it: 'the name alone', change: { name: 'gw-2' }, want: { name: 'gw-2' } },
  { it: 'no site as null', change: { siteId: null }, want: { siteId: null } },
  { it: 'labels whole, since they are replaced', change: { labels: { zone: 'us' } }, want: { labels: { zone: 'us' } } },
  { it: 'nothing when tags stand in another order', change: { tags: ['web', 'db'] }, want: {} },
  { it: 'tags whole', change: { tags: ['db'] }, want: { tags: ['db'] } },
  { it: 'another endpoint', change: { endpoint: '203.0.113.8:51820' }, want: { endpoint: '203.0.113.8:51820' } },
])('an edit sends $it', ({ change, want }) => {
  expect(changesOf(gateway, { ...valuesOf(gateway), ...change } as never)).toEqual(want)
})

test('a member declares no endpoint', () => {
  const member = { ...gateway, role: 'member' as const, endpoint: null }
  expect(changesOf(member, { ...valuesOf(member), endpoint: '203.0.113.8:51820' })).toEqual({})
})
