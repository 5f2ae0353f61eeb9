import { expect, test } from 'vitest'
import {
  changed,
  changesOf,
  type Draft,
  draftFaults,
  keptForAnother,
  NEEDS_ENDPOINT,
  NEEDS_GATEWAY,
  whyNotReady,
} from './draft.ts'

const draft: Draft = { name: 'home-1', role: 'member', siteId: null, endpoint: '', labels: {}, tags: [] }

test.each([
  { it: 'a member without an endpoint', change: {}, want: null },
  { it: 'a gateway with one', change: { role: 'gateway', endpoint: '203.0.113.7:51820' }, want: null },
] as const)('the line of $it may be pasted', ({ change, want }) => {
  const node = { ...draft, ...change }
  expect(whyNotReady(node, draftFaults(node), true)).toBe(want)
})

test('a gateway without an endpoint is kept but must not join', () => {
  const gateway = { ...draft, role: 'gateway' as const }
  expect(draftFaults(gateway)).toEqual({})
  expect(whyNotReady(gateway, {}, false)).toBe(NEEDS_ENDPOINT)
})

test.each([
  { it: 'a name that no file on a node may hold', change: { name: '$(reboot)' }, field: 'name' },
  { it: 'an empty name', change: { name: '' }, field: 'name' },
  { it: 'an endpoint without a port', change: { role: 'gateway', endpoint: '203.0.113.7' }, field: 'endpoint' },
  { it: 'the port 0', change: { role: 'gateway', endpoint: '203.0.113.7:0' }, field: 'endpoint' },
] as const)('$it is refused at its field', ({ change, field }) => {
  const node = { ...draft, ...change }
  const faults = draftFaults(node)
  expect(Object.keys(faults)).toEqual([field])
  expect(whyNotReady(node, faults, true)).toContain(faults[field])
})

test('a member waits until a gateway has joined, not only been invited', () => {
  expect(whyNotReady(draft, {}, false)).toBe(NEEDS_GATEWAY)
})

test('what a member had typed as a gateway is not sent', () => {
  expect(changesOf({ ...draft, endpoint: '203.0.113.7:51820' }, ['role', 'endpoint'])).toEqual({
    role: 'member',
    endpoint: null,
  })
})

test('labels of equal content are no change', () => {
  const zoned = { ...draft, labels: { zone: 'eu' } }
  expect(changed(zoned, { ...draft, labels: { zone: 'eu' } }, ['labels'])).toBe(false)
  expect(changed(zoned, draft, ['labels'])).toBe(true)
})

test('another node keeps site, labels and tags, never name or endpoint', () => {
  expect(
    keptForAnother({ ...draft, siteId: 's', labels: { zone: 'eu' }, tags: ['db'], endpoint: '203.0.113.7:1' }),
  ).toEqual({
    siteId: 's',
    labels: { zone: 'eu' },
    tags: ['db'],
  })
})
