import { expect, test } from 'vitest'
import { goldenPaths } from '../protocol/golden-paths.ts'
import type { JoinedNode } from './network-input.ts'
import { tunnelPeers } from './tunnel-peers.ts'

const node = (name: string) => [...goldenPaths.nodes.values()].find((each) => each.name === name) as JoinedNode
const tunnelsOf = (name: string) =>
  tunnelPeers(goldenPaths, node(name)).map(({ interfaceName, peer }) => `${interfaceName} ${peer.name}`)

test('a member has its two gateways and those it reaches directly', () =>
  expect(tunnelsOf('home-1')).toEqual(['span0 gw-1', 'span0b gw-2', 'span0d home-2', 'span0d office-1']))

test('a gateway has whom it carries by either slot, and the other gateways', () =>
  expect(tunnelsOf('gw-2')).toEqual(['span0 home-1', 'span0 home-2', 'span0 office-1', 'span0g1 gw-1', 'span0g5 gw-3']))

test('on the direct interface a node is known by the key of that', () => {
  const direct = tunnelPeers(goldenPaths, node('home-1')).filter(({ interfaceName }) => interfaceName === 'span0d')
  expect(direct.map(({ peer, publicKey }) => publicKey === peer.directKey)).toEqual([true, true])
})
