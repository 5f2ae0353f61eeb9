/** Rows of small networks as they may come: gateways without numbers, stale slots, claims that nobody may make. */
import type { Random } from '../../policy/testing/random.ts'
import type { NetworkInput, PlanNode } from '../network-input.ts'
import { testKey } from './test-keys.ts'

export type Rows = Omit<NetworkInput, 'nodes' | 'pairs'> & {
  readonly nodes: readonly PlanNode[]
  readonly pairs: readonly { readonly a: string; readonly b: string }[]
}

export const SETTINGS = {
  id: '018f3c1e-0000-7000-8000-000000000001',
  name: 'home-lab',
  cidr4: '10.77.0.0/16',
  cidr6: 'fd12:3456:789a::/48',
  interfaceName: 'span0',
  listenPort: 51820,
  mtu: 1420,
  keepaliveSeconds: 25,
}

export const idOf = (ordinal: number): string => `018f3c1e-0000-7000-8000-${String(ordinal).padStart(12, '0')}`

export function randomRows(random: Random): Rows {
  const gateways = random.below(5)
  const members = 1 + random.below(7)
  const nodes = Array.from({ length: gateways + members }, (_, i) => randomRow(random, i + 1, i < gateways))
  const topology = random.one(['hub', 'sites', 'mesh', 'mesh'] as const)
  return {
    ...SETTINGS,
    topology,
    nodes: withSlots(random, nodes),
    devices: random.chance(30) ? [{ id: idOf(900), name: 'phone', ordinal: 900, publicKey: testKey(1900) }] : [],
    clusterRanges: random.chance(60) ? ['10.42.0.0/16', 'fd00:42::/56'] : [],
    refusedRanges: ['10.43.0.0/16'],
    directCap: random.one([1, 2, 4, 50]),
    pairs: Array.from({ length: random.below(8) }, () => ({ a: random.one(nodes).id, b: random.one(nodes).id })),
  }
}

export function randomRow(random: Random, ordinal: number, isGateway: boolean): PlanNode {
  const site = random.chance(70) ? random.one(['home', 'office']) : null
  const ports = random.chance(60) ? [41_641, 41_641] : [50_001, 50_002]
  const hasPods = random.chance(60)
  return {
    id: idOf(ordinal),
    name: `node-${ordinal}`,
    role: isGateway ? 'gateway' : 'member',
    state: random.chance(88) ? 'active' : random.one(['paused', 'quarantined', 'enrolled']),
    ordinal,
    publicKey: testKey(ordinal),
    endpoint: isGateway ? `203.0.113.${ordinal}:51820` : random.chance(15) ? `198.51.100.${ordinal}:7000` : null,
    gatewayNumber: isGateway && random.chance(92) ? 1 + ((ordinal * 7) % 240) : null,
    draining: isGateway && random.chance(15),
    siteId: site,
    directKey: random.chance(85) ? testKey(1000 + ordinal) : null,
    directPort: random.chance(80) ? 41_641 : null,
    lanAddresses: random.chance(70)
      ? [`192.168.${site === 'home' ? 1 : 2}.${ordinal}`, '172.17.0.1', '127.0.0.1', 'fe80::1', `10.42.${ordinal}.1`]
      : [],
    observed: random.chance(70)
      ? ports.map((port, i) => ({
          gatewayId: idOf(i + 1),
          endpoint: `198.51.100.${site === 'home' ? 1 : ordinal}:${port}`,
        }))
      : [],
    podRanges: hasPods ? [`10.42.${ordinal}.0/24`, `fd00:42:0:${ordinal}::/64`] : [],
    routes: random.chance(20)
      ? [random.one(['192.168.50.0/24', `172.30.${ordinal}.0/24`, '10.77.3.0/24', '0.0.0.0/0'])]
      : [],
  }
}

export function withSlots(random: Random, nodes: readonly PlanNode[]): PlanNode[] {
  const ids = [...nodes.filter(({ role }) => role === 'gateway').map(({ id }) => id), idOf(999)]
  return nodes.map((node) => {
    if (node.role === 'gateway' || random.chance(40)) return node
    const slot = () => (random.chance(15) ? null : random.one(ids))
    return { ...node, slots: { a: slot(), b: slot(), first: random.one(['a', 'b'] as const) } }
  })
}
