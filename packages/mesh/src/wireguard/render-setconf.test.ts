import { expect, test } from 'vitest'
import { parseEndpoint } from '../ip/endpoint.ts'
import { parsePrefix } from '../ip/prefix.ts'
import { type Peer, renderSetconf } from './render-setconf.ts'

const ALICE = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
const BOB = '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08='

const gateway = peer({
  name: 'gate-1',
  publicKey: ALICE,
  allowedIps: prefixes('fd12:3456:789a::/48', '10.77.0.0/16'),
  endpoint: endpoint('203.0.113.7:51820'),
  keepaliveSeconds: 25,
})
const member = peer({ name: 'home-1', publicKey: BOB, allowedIps: prefixes('10.77.0.2/32', 'fd12:3456:789a::2/128') })

test('a member has its gateway with endpoint and keepalive', () => {
  expect(rendered([gateway])).toBe(
    [
      '[Peer]',
      `PublicKey = ${ALICE}`,
      'AllowedIPs = 10.77.0.0/16, fd12:3456:789a::/48',
      'Endpoint = 203.0.113.7:51820',
      'PersistentKeepalive = 25',
      '',
    ].join('\n'),
  )
})

test('a keepalive of 0 is written as off, since leaving it out would keep the old one', () => {
  expect(rendered([member])).toContain('\nPersistentKeepalive = off\n')
})

test('a peer without AllowedIPs is written without the line', () => {
  expect(rendered([peer({ publicKey: BOB, allowedIps: [] })])).toBe(
    `[Peer]\nPublicKey = ${BOB}\nPersistentKeepalive = off\n`,
  )
})

test('no peers are an empty file', () => expect(rendered([])).toBe(''))

test('the order of peers and ranges changes no byte', () => {
  const other = { ...gateway, allowedIps: prefixes('10.99.0.0/16') }
  const turned = { ...member, allowedIps: [...member.allowedIps].reverse() }
  expect(rendered([other, turned])).toBe(rendered([member, other]))
})

test('no name gets into the file, whatever it is', () => {
  expect(rendered([{ ...member, name: 'x\nPostUp = reboot' }])).toBe(rendered([member]))
})

test.each([
  { it: 'the same address twice', a: ['10.77.0.2/32'], b: ['10.77.0.2/32'], refused: true },
  { it: 'an address inside of a range', a: ['10.77.0.0/16'], b: ['10.77.0.2/32'], refused: true },
  { it: 'a range around an address', a: ['10.77.0.2/32'], b: ['10.77.0.0/16'], refused: true },
  { it: 'everything', a: ['0.0.0.0/0'], b: ['10.42.3.0/24'], refused: true },
  {
    it: 'a range after a narrower one of the same peer',
    a: ['10.0.0.0/8', '10.1.0.0/16'],
    b: ['10.2.0.0/16'],
    refused: true,
  },
  { it: 'neighbours', a: ['10.77.0.2/32'], b: ['10.77.0.3/32'], refused: false },
  { it: 'the two families', a: ['0.0.0.0/0'], b: ['::/0'], refused: false },
  { it: 'nested ranges of one peer', a: ['10.0.0.0/8', '10.1.0.0/16'], b: ['11.0.0.0/8'], refused: false },
])('two peers with $it are refused: $refused', ({ a, b, refused }) => {
  const result = renderSetconf([
    { ...gateway, allowedIps: prefixes(...a) },
    { ...member, allowedIps: prefixes(...b) },
  ])
  expect(result.ok).toBe(!refused)
  if (!result.ok)
    expect([result.error.kind, ...[...result.error.peers].sort()]).toEqual(['allowed-ips-overlap', 'gate-1', 'home-1'])
})

test('an overlap names both peers and both ranges', () => {
  expect(renderSetconf([gateway, member])).toMatchObject({
    error: {
      message: 'gate-1 (10.77.0.0/16) and home-1 (10.77.0.2/32) would own the same addresses; only one of them can',
    },
  })
})

test.each([
  { it: 'a key given twice', peers: [gateway, { ...member, publicKey: ALICE }], kind: 'duplicate-key' },
  { it: 'a key of low order', peers: [{ ...member, publicKey: `${'A'.repeat(43)}=` }], kind: 'bad-key' },
  { it: 'a key with a second line', peers: [{ ...member, publicKey: `${BOB}\nEndpoint = x` }], kind: 'bad-key' },
  { it: 'a negative keepalive', peers: [{ ...member, keepaliveSeconds: -1 }], kind: 'bad-keepalive' },
  { it: 'a keepalive that is no number', peers: [{ ...member, keepaliveSeconds: Number.NaN }], kind: 'bad-keepalive' },
])('$it is refused', ({ peers, kind }) => expect(renderSetconf(peers)).toMatchObject({ ok: false, error: { kind } }))

function rendered(peers: Peer[]): string {
  const result = renderSetconf(peers)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

function peer(part: Partial<Peer>): Peer {
  return { name: 'home-1', publicKey: BOB, allowedIps: [], endpoint: null, keepaliveSeconds: 0, ...part }
}

function prefixes(...texts: string[]) {
  return texts.map((text) => {
    const parsed = parsePrefix(text)
    if (!parsed.ok) throw new Error(parsed.error.message)
    return parsed.value
  })
}

function endpoint(text: string) {
  const parsed = parseEndpoint(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
