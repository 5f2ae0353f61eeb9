/**
 * The network that the golden bundles with paths are of: a mesh with three gateways, two machines at home and one in an office, with a
 * printer network behind it. home-1 and office-1 talk with each other. office-1 goes by its second slot first.
 */
import type { PlanNode } from '../paths/network-input.ts'
import { type NetworkPlan, plan } from '../paths/plan.ts'
import type { Extras } from './render-bundle.ts'

const id = (last: string) => `018f3c1e-0000-7000-8000-0000000000${last}`

export const GOLDEN_PATHS_IDS = {
  'paths-gateway': id('e2'),
  'paths-member': id('f1'),
  'paths-router': id('f3'),
}

const [home, office] = [id('51'), id('52')]
const [first, second, third] = [id('e1'), id('e2'), id('e3')]

export const goldenPaths: NetworkPlan = plan({
  id: '018f3c1e-0000-7000-8000-000000000001',
  name: 'home-lab',
  cidr4: '10.77.0.0/16',
  cidr6: 'fd12:3456:789a::/48',
  interfaceName: 'span0',
  listenPort: 51820,
  mtu: 1420,
  keepaliveSeconds: 25,
  topology: 'mesh',
  clusterRanges: ['10.42.0.0/16', 'fd00:42::/56'],
  refusedRanges: ['10.43.0.0/16', 'fd00:43::/112'],
  pairs: [{ a: id('f1'), b: id('f3') }],
  devices: [{ id: id('d1'), name: 'phone', ordinal: 100, publicKey: '19A6DidunIIb2Nj1+u5I1dizwzXLoEow6sB15IoeAVY=' }],
  nodes: [
    gateway(first, 'gw-1', 1, 1, 'LgrzoM6RasF20++wV2cq1hPZkJXe0ysXxn093Heyzwk=', '203.0.113.1:51820'),
    gateway(second, 'gw-2', 2, 2, 'LGHEkluq7eO83zBZJI7xoNl8egKko2dB3sf9T+Ksmis=', 'gw-2.example.org:51820'),
    gateway(third, 'gw-3', 3, 5, 'y+xbGc39AqBItVFwByLXf3fTq12+FjoK2tB89ZLVo0c=', '[2001:db8::3]:51820'),
    {
      ...member(id('f1'), 'home-1', 4, 'GA0cGtXIC1vm2t6cgiTbraPEVtsrwY46HeqytlwXdjs='),
      siteId: home,
      directKey: 'zEq8Daym6rFBrGIxSO5TSwk+ifoK0RPrDfabIhSIxwo=',
      directPort: 41641,
      lanAddresses: ['192.168.1.10', '172.17.0.1'],
      observed: [seen(first, '198.51.100.7:41641'), seen(second, '198.51.100.7:41641')],
      podRanges: ['10.42.4.0/24', 'fd00:42:0:4::/64'],
    },
    {
      ...member(id('f2'), 'home-2', 5, 'NJIoXJT3HSV4q6mqtbPkja4fEBgKJp9sWgzU9SIl9y4='),
      siteId: home,
      directKey: 'ZMuzeQb5YebukMweuXDxgcEZrDd+KWk3K3PlRQNQrQg=',
      directPort: 40000,
      lanAddresses: ['192.168.1.20', '10.42.0.1', '172.17.0.1'],
      observed: [seen(first, '198.51.100.7:60001'), seen(second, '198.51.100.7:60002')],
    },
    {
      ...member(id('f3'), 'office-1', 6, 'fB2Ex7UdbNK0JQ7xVyntj2ZJfpc6pYdiGMsO/z/z0yM='),
      siteId: office,
      endpoint: 'office.example.org:7777',
      directKey: '6sCK+fF1vfdg227LRFx7CtXGj2abc9686tSvMLQM2ig=',
      directPort: 7777,
      lanAddresses: ['192.168.50.2'],
      observed: [seen(second, '192.0.2.9:7777'), seen(third, '192.0.2.9:7777')],
      podRanges: ['10.42.6.0/24', 'fd00:42:0:6::/64'],
      routes: ['192.168.50.0/24'],
      slots: { a: second, b: third, first: 'b' },
    },
  ],
})

export const goldenPart: Extras = {
  part: null,
  files: [],
  requests: [],
  paths: {
    name: 'paths',
    version: '0.1.0',
    sha256: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
  },
}

function member(id: string, name: string, ordinal: number, publicKey: string): PlanNode {
  return { id, name, role: 'member', state: 'active', ordinal, publicKey, endpoint: null }
}

function gateway(id: string, name: string, ordinal: number, number: number, key: string, endpoint: string): PlanNode {
  return { ...member(id, name, ordinal, key), role: 'gateway', endpoint, gatewayNumber: number }
}

function seen(gatewayId: string, endpoint: string) {
  return { gatewayId, endpoint }
}
