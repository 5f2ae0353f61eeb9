import { expect, test } from 'vitest'
import { parseK3s } from './parse-k3s.ts'

const said = (lines: string, more: Record<string, string> = {}) =>
  parseK3s(new Map(Object.entries({ k3s: lines, ...more })), 1000)

test('a node without k3s says nothing of it', () => {
  expect(parseK3s(new Map(), 1000)).toBeNull()
})

test('what an agent says', () => {
  const applied = 'a'.repeat(64)
  expect(
    said(
      `service active\nversion v1.33.4+k3s1\napplied ${applied}\nsubnet 10.42.1.1/24\nsubnet6 fd00:42:0:1::1/64\nmtu 1420`,
    ),
  ).toEqual({
    service: 'active',
    version: 'v1.33.4+k3s1',
    applied,
    podRanges: ['10.42.1.0/24', 'fd00:42:0:1::/64'],
    podMtu: 1420,
    failure: null,
    nodes: null,
    nodesAge: 1000,
    pods: [],
    certificateUntil: null,
  })
})

test('what a server says of the others, with its age', () => {
  const report = said('service active\nnodes-at 990', {
    'k3s-nodes': 'node home-1\nready True\nreason "KubeletReady"\ninternal-ip 10.77.0.2\n',
    'k3s-pods': 'home-1 10.42.1.2 12.5 995\nhome-2 10.42.2.2 - 995\n$(reboot) 10.42.3.2 1 995\nx not-an-address 1 995',
    'k3s-certificate': 'until Nov 21 14:00:00 2027 GMT',
  })
  expect(report?.nodes).toMatchObject([{ name: 'home-1', ready: 'True', internalIps: ['10.77.0.2'] }])
  expect(report?.nodesAge).toBe(10)
  expect(report?.pods).toEqual([
    { name: 'home-1', address: '10.42.1.2', rttMs: 12.5, age: 5 },
    { name: 'home-2', address: '10.42.2.2', rttMs: null, age: 5 },
  ])
  expect(report?.certificateUntil).toBe(Date.UTC(2027, 10, 21, 14))
})

test('a failure has its step, code and words; what is no such thing is nothing', () => {
  expect(said('service failed\nfailed k3s-installed installer-sha it is another one')?.failure).toEqual({
    step: 'k3s-installed',
    code: 'installer-sha',
    text: 'it is another one',
  })
  expect(said('service dancing\nfailed x\nsubnet 10.42.1.1/99\napplied abc')).toMatchObject({
    service: 'unknown',
    failure: null,
    podRanges: [],
    applied: null,
  })
})
