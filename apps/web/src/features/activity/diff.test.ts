import { expect, test } from 'vitest'
import { diff } from './diff.ts'

test('only what differs is told', () => {
  expect(diff({ name: 'a', mtu: 1420 }, { name: 'b', mtu: 1420 })).toEqual([{ field: 'name', before: 'a', after: 'b' }])
})

test('a thing made or removed tells its fields, without ids and without what is empty', () => {
  const site = { id: '1', networkId: '2', name: 'attic', endpoint: null }
  expect(diff(null, site)).toEqual([{ field: 'name', before: null, after: 'attic' }])
  expect(diff(site, null)).toEqual([{ field: 'name', before: 'attic', after: null }])
})

test('labels read as key=value', () => {
  expect(diff({ labels: {} }, { labels: { zone: 'a', arch: 'arm64' } })).toEqual([
    { field: 'labels', before: null, after: 'zone=a arch=arm64' },
  ])
})

test('markup in a value stays text', () => {
  expect(diff({ name: '<img src=x>' }, { name: '$(id)' })[0]).toMatchObject({ before: '<img src=x>', after: '$(id)' })
})
