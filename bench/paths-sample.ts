import type { NetworkInput, PlanNode } from '@spanwire/mesh/paths/network-input'
import { sampleKey } from './sample-key.ts'

type Size = { readonly members: number; readonly gateways: number; readonly sites: number }

/**
 * Members spread over sites, each with a LAN address and two gateways that see it; pods of its own; its slots at two gateways near it. In a
 * mesh each talks with five in other sites.
 */
export function pathsSample(topology: 'sites' | 'mesh', size: Size) {
  const gateways = Array.from({ length: size.gateways }, (_, i) => sampleGateway(i + 1))
  const members = Array.from({ length: size.members }, (_, i) => sampleMember(i, size))
  const pairs = topology === 'mesh' ? members.flatMap(({ id }, i) => talksTo(members, id, i)) : []
  return { ...SETTINGS, topology, nodes: [...gateways, ...members], pairs } satisfies NetworkInput
}

const SETTINGS = {
  ...{ id: idOf(0), name: 'large', cidr4: '10.64.0.0/12', cidr6: 'fd12:3456:789a::/48', interfaceName: 'span0' },
  ...{ listenPort: 51_820, mtu: 1420, keepaliveSeconds: 25 },
  clusterRanges: ['10.0.0.0/10'],
}

function sampleGateway(number: number): PlanNode {
  return {
    ...{ id: idOf(number), name: `gw-${number}`, role: 'gateway', state: 'active', ordinal: number },
    ...{ publicKey: sampleKey(number), endpoint: `203.0.113.${number}:51820`, gatewayNumber: number },
    siteId: `site-${number}`,
  }
}

export function sampleMember(i: number, { gateways, sites }: Size): PlanNode {
  const ordinal = gateways + 1 + i
  const site = (i % sites) + 1
  const [a, b] = [idOf(((site - 1) % gateways) + 1), idOf((site % gateways) + 1)]
  const outside = `198.${18 + (site >> 8)}.${site & 0xff}.7:${40_000 + (i % 20_000)}`
  return {
    ...{ id: idOf(ordinal), name: `node-${ordinal}`, role: 'member', state: 'active', ordinal, endpoint: null },
    ...{ publicKey: sampleKey(ordinal), directKey: sampleKey(100_000 + ordinal), directPort: 41_641 },
    siteId: `site-${site}`,
    lanAddresses: [`192.168.${1 + ((i / sites) >> 7)}.${2 + (Math.floor(i / sites) & 0x7f)}`],
    observed: [a, b].map((gatewayId) => ({ gatewayId, endpoint: outside })),
    slots: { a, b, first: 'a' },
    podRanges: [`10.${ordinal >> 8}.${ordinal & 0xff}.0/24`],
  }
}

const talksTo = (members: readonly PlanNode[], a: string, i: number) =>
  [1, 7, 49, 101, 211].map((step) => ({ a, b: members[(i + step) % members.length]?.id ?? a }))

function idOf(number: number): string {
  return `018f3c1e-0000-7000-8000-${String(number).padStart(12, '0')}`
}
