import { expect, test } from 'vitest'
import { GOLDEN_PATHS_IDS, goldenPaths } from '../protocol/golden-paths.ts'
import { pairWay } from './pair-way.ts'

const ids = new Map([...goldenPaths.nodes.values()].map(({ name, id }) => [name, id]))
const idOf = (name: string) => ids.get(name) ?? ''
const nameOf = (id: string) => goldenPaths.nodes.get(id)?.name

/** Each node says what is given here, and of the rest nothing. */
function way(from: string, to: string, said: Record<string, string> = {}) {
  const found = pairWay(goldenPaths, idOf(from), idOf(to), (node, peer) =>
    node === peer ? (said[`${nameOf(node)}`] ?? null) : (said[`${nameOf(node)} ${nameOf(peer)}`] ?? null),
  )
  return [found.kind, ...found.hops.map((hop) => `${hop.interfaceName} ${nameOf(hop.to)}`)]
}

test.each<{ it: string; from: string; to: string; said?: Record<string, string>; want: string[] }>([
  { it: 'of one site go directly', from: 'home-1', to: 'home-2', want: ['direct', 'span0d home-2'] },
  { it: 'that talk go directly', from: 'office-1', to: 'home-1', want: ['direct', 'span0d home-1'] },
  {
    it: 'that do not are carried, by the first gateway of each',
    from: 'home-2',
    to: 'office-1',
    want: ['relayed', 'span0 gw-1', 'span0g5 gw-3', 'span0 office-1'],
  },
  {
    it: 'are carried by the second slot when the node says so',
    from: 'home-2',
    to: 'office-1',
    said: { 'home-2': 'span0b' },
    want: ['relayed', 'span0b gw-2', 'span0 office-1'],
  },
  {
    it: 'whose direct path is dead are carried',
    from: 'home-1',
    to: 'office-1',
    said: { 'home-1 office-1': 'default', 'home-1': 'span0b' },
    want: ['relayed', 'span0b gw-2', 'span0 office-1'],
  },
  {
    it: 'one of which is the gateway of the other slot have one tunnel',
    from: 'home-1',
    to: 'gw-2',
    want: ['gateway', 'span0b gw-2'],
  },
  { it: 'the other way round too', from: 'gw-2', to: 'home-1', want: ['gateway', 'span0 home-1'] },
  { it: 'that are gateways have one of their own', from: 'gw-1', to: 'gw-3', want: ['gateway', 'span0g5 gw-3'] },
  {
    it: 'of which the gateway stands in for the tunnel that died',
    from: 'gw-1',
    to: 'home-1',
    said: { 'gw-1 home-1': 'span0g2' },
    want: ['relayed', 'span0g2 gw-2', 'span0 home-1'],
  },
  {
    it: 'one of which is dead at its first gateway are carried by three',
    from: 'home-2',
    to: 'office-1',
    said: { 'gw-3 office-1': 'span0g2' },
    want: ['relayed', 'span0 gw-1', 'span0g5 gw-3', 'span0g2 gw-2', 'span0 office-1'],
  },
  {
    it: 'without any way have none',
    from: 'home-2',
    to: 'office-1',
    said: { 'gw-1 office-1': 'unreachable' },
    want: ['unreachable', 'span0 gw-1'],
  },
  {
    it: 'between which two gateways would play ping-pong have none either',
    from: 'home-2',
    to: 'office-1',
    said: { 'gw-1 office-1': 'span0g2', 'gw-2 office-1': 'span0g1' },
    want: ['unreachable', 'span0 gw-1', 'span0g2 gw-2'],
  },
  { it: 'are two', from: 'home-1', to: 'home-1', want: ['none'] },
  { it: 'are at work, or have no way', from: 'home-1', to: 'phone', want: ['none'] },
])('two nodes $it', ({ from, to, said, want }) => expect(way(from, to, said)).toEqual(want))

test('who has no way on is named', () => {
  const found = pairWay(goldenPaths, idOf('home-2'), GOLDEN_PATHS_IDS['paths-router'], (node, peer) =>
    nameOf(node) === 'gw-1' && peer !== node ? 'unreachable' : null,
  )
  expect(found.kind === 'unreachable' && nameOf(found.at)).toBe('gw-1')
})
