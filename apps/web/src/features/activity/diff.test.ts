import { expect, test } from 'vitest'
import { diff } from './diff.ts'

test('only what differs is told', () => {
  expect(diff({ name: 'a', mtu: 1420 }, { name: 'b', mtu: 1420 })).toEqual([{ field: 'name', before: 'a', after: 'b' }])
})

test('which LAN is meant is told though it is the same before and after', () => {
  const route = { prefix: '192.168.7.0/24', state: 'offered' }
  expect(diff(route, { ...route, state: 'approved' })).toEqual([
    { field: 'prefix', before: null, after: '192.168.7.0/24' },
    { field: 'state', before: 'offered', after: 'approved' },
  ])
})

test('an address is called by its family', () => {
  expect(diff(null, { address4: '10.0.0.1' })).toEqual([{ field: 'IPv4', before: null, after: '10.0.0.1' }])
})

test('a thing made or removed tells its fields, without ids, its name and what is empty', () => {
  const key = { id: '1', networkId: '2', name: 'edge', maxUses: 50, siteId: null }
  expect(diff(null, key)).toEqual([{ field: 'max uses', before: null, after: '50' }])
  expect(diff(key, null)).toEqual([{ field: 'max uses', before: '50', after: null }])
})

test('labels read as key=value', () => {
  expect(diff({ labels: {} }, { labels: { zone: 'a', arch: 'arm64' } })).toEqual([
    { field: 'labels', before: null, after: 'zone=a arch=arm64' },
  ])
})

test('markup in a value stays text', () => {
  expect(diff({ name: '<img src=x>' }, { name: '$(id)' })[0]).toMatchObject({ before: '<img src=x>', after: '$(id)' })
})

test('a time reads as a time, in the zone of the reader', () => {
  const [change] = diff(null, { expiresAt: '2026-01-02T03:04:05.678Z' })
  expect(change).toMatchObject({ field: 'expires at', after: expect.stringMatching(/^2026-01-0\d \d\d:\d\d:05 UTC/) })
})
