import { expect, test } from 'vitest'
import { randomOf } from '../policy/testing/random.ts'
import { goldenPaths } from '../protocol/golden-paths.ts'
import type { NetworkInput } from './network-input.ts'
import { type NetworkPlan, plan } from './plan.ts'
import { previewTopology } from './preview-topology.ts'
import { randomRows } from './testing/random-rows.ts'
import { testWorld } from './testing/test-world.ts'

const nodes = [...goldenPaths.nodes.values()]
const planned = (over: Partial<NetworkInput>) => plan({ ...goldenPaths.settings, nodes, topology: 'mesh', ...over })
const lines = (before: NetworkPlan, after: NetworkPlan) =>
  previewTopology(before, after).nodes.flatMap(({ name, appear, go }) => [
    ...appear.map(({ interfaceName, peer }) => `${name} + ${interfaceName} ${peer}`),
    ...go.map(({ interfaceName, peer }) => `${name} - ${interfaceName} ${peer}`),
  ])

test('from a hub to sites the tunnels inside of a site appear, at both of their ends', () =>
  expect(lines(planned({ topology: 'hub' }), planned({ topology: 'sites' }))).toEqual([
    'home-1 + span0d home-2',
    'home-2 + span0d home-1',
  ]))

test('a gateway that goes takes its tunnels with it, and members aim theirs elsewhere', () =>
  expect(lines(planned({}), planned({ nodes: nodes.filter(({ name }) => name !== 'gw-3') }))).toEqual([
    'gw-1 + span0 office-1',
    'gw-1 - span0g5 gw-3',
    'gw-2 - span0g5 gw-3',
    'gw-3 - span0 office-1',
    'gw-3 - span0g1 gw-1',
    'gw-3 - span0g2 gw-2',
    'office-1 + span0b gw-1',
    'office-1 - span0b gw-3',
  ]))

test('nothing is said when nothing changes', () =>
  expect(previewTopology(planned({}), planned({ pairs: [] }))).toEqual({ nodes: [], appear: 0, go: 0 }))

test('the preview is what the rendered configurations differ in', { timeout: 60_000 }, () => {
  let changes = 0
  for (let seed = 1; seed <= 40; seed++) {
    const random = randomOf(40_000 + seed)
    const [rows, others] = [randomRows(random), randomRows(random)]
    const [before, after] = [testWorld(rows), testWorld({ ...others, pairs: rows.pairs })]
    const preview = previewTopology(before.network, after.network)
    const rendered = [tunnelsIn(before), tunnelsIn(after)]
    const appear = [...(rendered[1] ?? [])].filter((tunnel) => !rendered[0]?.has(tunnel))
    const go = [...(rendered[0] ?? [])].filter((tunnel) => !rendered[1]?.has(tunnel))
    expect(2 * preview.appear).toBe(appear.length)
    expect(2 * preview.go).toBe(go.length)
    const told = preview.nodes.flatMap(({ id, appear }) =>
      appear.map((one) => `${id} ${one.interfaceName} ${one.peerId}`),
    )
    expect(told.sort()).toEqual(appear.sort())
    changes += told.length
  }
  expect(changes).toBeGreaterThan(200)
})

function tunnelsIn(world: ReturnType<typeof testWorld>): Set<string> {
  return new Set(
    [...world.machines].flatMap(([id, { probes }]) =>
      probes.map(({ name, publicKey }) => `${id} ${name} ${world.farEnd(id, name, publicKey)?.id}`),
    ),
  )
}
