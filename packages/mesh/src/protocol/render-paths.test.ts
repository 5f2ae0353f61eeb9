import { expect, test } from 'vitest'
import { nodeView } from '../paths/node-view.ts'
import type { PathsView } from '../paths/paths-view.ts'
import { plan } from '../paths/plan.ts'
import { GOLDEN_IDS, goldenPlan, goldenServer } from './golden-network.ts'
import { GOLDEN_PATHS_IDS, goldenPart, goldenPaths } from './golden-paths.ts'
import { NO_EXTRAS, renderBundle } from './render-bundle.ts'
import { renderPaths } from './render-paths.ts'

const viewOf = (network: typeof goldenPaths, id: string) => {
  const view = nodeView(network, id)
  if (!view) throw new Error('not in the plan')
  return view
}
const bundle = (network: typeof goldenPaths, id: string, extras = goldenPart) =>
  renderBundle(
    viewOf(network, id),
    goldenServer,
    { epoch: 1, revision: 1, tombstone: null },
    () => 'a'.repeat(64),
    extras,
  )
const names = (files: readonly { name: string }[]) =>
  files.map(({ name }) => name).filter((name) => name.startsWith('paths/'))

test('a hub of one gateway has no paths, whatever its script could read', () => {
  for (const id of Object.values(GOLDEN_IDS)) expect(bundle(goldenPlan, id)).toEqual(bundle(goldenPlan, id, NO_EXTRAS))
})

test('who could not read them gets none, and no part either', () => {
  const files = bundle(goldenPaths, GOLDEN_PATHS_IDS['paths-member'], NO_EXTRAS)
  expect(names(files)).toEqual([])
  expect(files[0]?.text).not.toContain('part paths')
})

test('who is paused has none: its paths are taken away', () => {
  const nodes = [...goldenPaths.nodes.values()].map((node) =>
    node.id === GOLDEN_PATHS_IDS['paths-member'] ? { ...node, state: 'paused' as const } : node,
  )
  const network = plan({ ...goldenPaths.settings, nodes, topology: 'mesh' })
  expect(names(bundle(network, GOLDEN_PATHS_IDS['paths-member']))).toEqual([])
})

test.each(['a\nrole gateway', '$(reboot)', '"', 'x'.repeat(300), 'UPPER', ''])(
  'a name like %j stops the bundle instead of becoming a line',
  (name) => {
    const view = viewOf(goldenPaths, GOLDEN_PATHS_IDS['paths-member']).paths as PathsView
    const [first, ...rest] = view.tunnels
    if (!first) throw new Error('no tunnel')
    const evil: PathsView[] = [
      { ...view, base: `${name} x` },
      { ...view, destinations: view.destinations.map((line) => ({ ...line, name })) },
      { ...view, tunnels: [{ ...first, name: `${name}!` }, ...rest] },
      { ...view, tunnels: [{ ...first, peers: first.peers.map((peer) => ({ ...peer, name })) }, ...rest] },
      { ...view, endpoints: view.endpoints.map((endpoint) => ({ ...endpoint, publicKey: name })) },
    ]
    for (const each of evil) expect(() => renderPaths(each)).toThrow('broken invariant')
  },
)

test('a key for direct tunnels that another has is nobody’s: it would stop the gateway’s configuration', () => {
  const nodes = [...goldenPaths.nodes.values()].map((node) =>
    node.name === 'home-2'
      ? { ...node, directKey: goldenPaths.nodes.get(GOLDEN_PATHS_IDS['paths-member'])?.publicKey ?? null }
      : node,
  )
  const network = plan({ ...goldenPaths.settings, nodes, topology: 'mesh' })
  expect([...network.ends.values()].map(({ seat }) => seat.name)).toEqual(['home-1', 'office-1'])
  for (const { id } of nodes) expect(bundle(network, id).length).toBeGreaterThan(5)
})

test('a LAN behind one node of a hub is routed by all, in a part of its own', () => {
  const nodes = [...goldenPlan.nodes.values()].map((node) =>
    node.id === GOLDEN_IDS.member ? { ...node, routes: ['192.168.7.0/24'] } : { ...node, state: 'active' as const },
  )
  const network = plan({ ...goldenPlan.settings, nodes })
  const text = (id: string, name: string) => bundle(network, id).find((file) => file.name === name)?.text ?? ''
  expect(text(GOLDEN_IDS.paused, 'peers/span0')).toContain('192.168.7.0/24')
  expect(text(GOLDEN_IDS.gateway, 'peers/span0')).toContain('192.168.7.0/24')
  expect(text(GOLDEN_IDS.member, 'peers/span0')).not.toContain('192.168.7.0/24')
  expect(text(GOLDEN_IDS.paused, 'paths/destinations')).toBe(
    'default 10.77.0.0/16,fd12:3456:789a::/64,192.168.7.0/24 span0\n',
  )
  expect(text(GOLDEN_IDS.member, 'sysctls')).toContain('net.ipv4.ip_forward 1')
  expect(text(GOLDEN_IDS.paused, 'sysctls')).toBe('')
})
