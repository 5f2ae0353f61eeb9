import { expect, test } from 'vitest'
import type { NodeView } from '../paths/node-view.ts'
import { nodeView } from '../paths/node-view.ts'
import { GOLDEN_IDS, goldenPlan, goldenServer } from './golden-network.ts'
import { NO_EXTRAS, renderBundle, renderView } from './render-bundle.ts'

// The rules take the hash as an argument; packages/control holds the golden bundles against the real one.
const fnv = (text: string) => {
  let hash = 0xcbf29ce484222325n
  for (const character of text) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(64, '0')
}
const meta = { epoch: 1, revision: 13, tombstone: null }

const member = view(GOLDEN_IDS.member)

test('meta comes first, the sums of all other files last', () => {
  const files = renderBundle(member, goldenServer, meta, fnv)
  expect(files[0]?.name).toBe('meta')
  expect(files.at(-1)?.name).toBe('SHA256SUMS')
  expect(files.at(-1)?.text.trimEnd().split('\n')).toEqual(
    files.slice(0, -1).map((file) => `${fnv(file.text)}  ${file.name}`),
  )
})

test('the view in meta is the fingerprint, and neither revision nor epoch nor tombstone is in it', () => {
  const { fingerprint } = renderView(member, goldenServer, fnv)
  const later = { epoch: 7, revision: 900, tombstone: `swt_${'Q'.repeat(43)}` }
  for (const each of [meta, later]) {
    expect(renderBundle(member, goldenServer, each, fnv)[0]?.text).toContain(`\nview ${fingerprint}\n`)
  }
})

test.each([
  { it: "the node's name", change: { node: { ...member.node, name: 'home-9' } } },
  { it: 'its state', change: { state: 'paused' as const } },
  { it: 'a peer', change: { tunnels: member.tunnels.map((tunnel) => ({ ...tunnel, peers: [] })) } },
  { it: 'the MTU', change: { tunnels: member.tunnels.map((tunnel) => ({ ...tunnel, mtu: 1280 })) } },
])('$it changes the fingerprint', ({ change }) =>
  expect(renderView({ ...member, ...change }, goldenServer, fnv).fingerprint).not.toBe(
    renderView(member, goldenServer, fnv).fingerprint,
  ),
)

test('a new script or a new address of the server changes it too, so that every node hears of it once', () => {
  const { fingerprint } = renderView(member, goldenServer, fnv)
  const script = { version: '0.2.0', sha256: 'b'.repeat(64) }
  expect(renderView(member, { ...goldenServer, script }, fnv).fingerprint).not.toBe(fingerprint)
  expect(renderView(member, { ...goldenServer, servers: goldenServer.servers.slice(1) }, fnv).fingerprint).not.toBe(
    fingerprint,
  )
})

test.each(['a\nrole gateway', '$(reboot)', '"', 'x'.repeat(300), '\u{1f4a9}', 'UPPER', ''])(
  'a name like %j stops the bundle instead of becoming a line',
  (name) => {
    const evil: NodeView = { ...member, node: { ...member.node, name } }
    expect(() => renderBundle(evil, goldenServer, meta, fnv)).toThrow('broken invariant')
    const tunnels = member.tunnels.map((tunnel) => ({
      ...tunnel,
      peers: tunnel.peers.map((peer) => ({ ...peer, name })),
    }))
    expect(() => renderBundle({ ...member, tunnels }, goldenServer, meta, fnv)).toThrow('broken invariant')
  },
)

test('one address at two peers stops the bundle: wg would give it to the last one without a word', () => {
  const tunnels = view(GOLDEN_IDS.gateway).tunnels.map((tunnel) => ({
    ...tunnel,
    peers: tunnel.peers.flatMap((peer) => [
      peer,
      { ...peer, publicKey: 'Q2hpbGRyZW4gb2YgdGhlIHNhbWUgbmV0d29yayEhISE=' },
    ]),
  }))
  expect(() => renderBundle({ ...view(GOLDEN_IDS.gateway), tunnels }, goldenServer, meta, fnv)).toThrow(
    'same addresses',
  )
})

test('only a gateway at work forwards, and then inside of the overlay only', () => {
  const firewallOf = (id: string) =>
    renderBundle(view(id), goldenServer, meta, fnv).find((file) => file.name === 'firewall.nft')?.text
  expect(firewallOf(GOLDEN_IDS.gateway)).toContain('iifname "span0*" counter drop')
  expect(firewallOf(GOLDEN_IDS.member)).not.toContain('chain forward')
})

function view(id: string): NodeView {
  const found = nodeView(goldenPlan, id)
  if (!found) throw new Error('not in the golden network')
  return found
}

test("a policy's chains stand in the node's one table and change its fingerprint; without one nothing of it is there", () => {
  const access = '  chain access {\n  }\n'
  const firewall = (extras: typeof NO_EXTRAS) =>
    renderBundle(member, goldenServer, meta, fnv, extras).find(({ name }) => name === 'firewall.nft')?.text
  expect(firewall({ ...NO_EXTRAS, access })).toBe(firewall(NO_EXTRAS)?.replace(/\}\n$/, `${access}}\n`))
  expect(firewall({ ...NO_EXTRAS, access: null })).toBe(firewall(NO_EXTRAS))
  expect(renderView(member, goldenServer, fnv, { ...NO_EXTRAS, access }).fingerprint).not.toBe(
    renderView(member, goldenServer, fnv).fingerprint,
  )
})
