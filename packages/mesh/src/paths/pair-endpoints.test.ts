import { expect, test } from 'vitest'
import { formatEndpoint } from '../ip/endpoint.ts'
import { type Prefix, parsePrefix } from '../ip/prefix.ts'
import { directEndOf } from './direct-end.ts'
import type { JoinedNode } from './network-input.ts'
import { mayMeet, pairEndpoints } from './pair-endpoints.ts'
import { seatOf } from './seat.ts'
import { idOf } from './testing/random-rows.ts'
import { testKey } from './testing/test-keys.ts'

const refused = ['10.77.0.0/16', '10.42.0.0/16', '10.43.0.0/16', 'fd12:3456:789a::/48'].flatMap((text): Prefix[] => {
  const prefix = parsePrefix(text)
  return prefix.ok ? [prefix.value] : []
})

function end(ordinal: number, over: Partial<JoinedNode>) {
  const row: JoinedNode = {
    ...{ id: idOf(ordinal), name: `node-${ordinal}`, role: 'member', state: 'active', ordinal, endpoint: null },
    ...{ publicKey: testKey(ordinal), directKey: testKey(1000 + ordinal), directPort: 40_000 + ordinal },
    ...over,
  }
  const made = directEndOf(
    row,
    seatOf(row, NOTHING, () => [], undefined),
    new Set(['g1', 'g2']),
    refused,
    undefined,
  )
  if (!made) throw new Error('no end')
  return made
}

const NOTHING = { pods: [], routes: [], number: null, slots: null }
const seen = (...endpoints: string[]) => endpoints.map((endpoint, i) => ({ gatewayId: `g${i + 1}`, endpoint }))
const home = (ordinal: number, over: Partial<JoinedNode> = {}) =>
  end(ordinal, { siteId: 'home', lanAddresses: [`192.168.1.${ordinal}`], ...over })
const texts = (from: ReturnType<typeof end>, to: ReturnType<typeof end>) =>
  pairEndpoints(from, to).map(({ kind, endpoint }) => `${kind} ${formatEndpoint(endpoint)}`)

test('in one site the LAN comes first, then what is declared, then what is seen', () =>
  expect(
    texts(
      home(1),
      home(2, { endpoint: 'home.example.org:7777', observed: seen('198.51.100.7:41641', '198.51.100.7:41641') }),
    ),
  ).toEqual(['lan 192.168.1.2:7777', 'declared home.example.org:7777', 'observed 198.51.100.7:41641']))

test('of several LAN addresses the nearest one comes first, and a bridge that both have is left out', () =>
  expect(
    texts(
      home(1, { lanAddresses: ['10.0.3.7', '172.17.0.1'] }),
      home(2, { lanAddresses: ['192.168.1.2', '10.0.3.9', '172.17.0.1'] }),
    ),
  ).toEqual(['lan 10.0.3.9:40002', 'lan 192.168.1.2:40002']))

test('behind one public address the LAN is tried without a site, and elsewhere it is not', () => {
  const at = (ordinal: number, host: string) =>
    end(ordinal, { lanAddresses: [`192.168.1.${ordinal}`], observed: seen(`${host}:50001`, `${host}:50001`) })
  expect(texts(at(1, '198.51.100.7'), at(2, '198.51.100.7'))[0]).toBe('lan 192.168.1.2:40002')
  expect(texts(at(1, '198.51.100.7'), at(2, '198.51.100.8'))).toEqual(['observed 198.51.100.8:50001'])
})

test.each([
  '10.77.0.9',
  '10.42.3.1',
  '10.43.0.10',
  'fd12:3456:789a::9',
  '127.0.0.1',
  '169.254.1.1',
  'fe80::1',
  '224.0.0.5',
  '::1',
  'rubbish',
])('%s is nobody’s endpoint', (address) => {
  const to = home(2, {
    lanAddresses: [address],
    observed: seen(address.includes(':') ? `[${address}]:9` : `${address}:9`),
  })
  expect(texts(home(1), to).filter((text) => !text.startsWith('observed'))).toEqual([])
  if (/^(10\.|fd12)/.test(address)) expect(texts(home(1), to)).toEqual([])
})

test('a gateway that is none any more has seen nothing', () =>
  expect(end(1, { observed: [{ gatewayId: 'g9', endpoint: '198.51.100.7:1' }] }).observed).toEqual([]))

const hard = seen('198.51.100.7:50001', '198.51.100.7:50002')
const easy = seen('198.51.100.8:41641', '198.51.100.8:41641')

test.each([
  { it: 'two easy ones', a: { observed: easy }, b: { observed: seen('198.51.100.9:1', '198.51.100.9:1') }, want: true },
  {
    it: 'an easy one and one that a single gateway has seen',
    a: { observed: easy },
    b: { observed: hard.slice(0, 1) },
    want: true,
  },
  { it: 'a hard one and an easy one', a: { observed: hard }, b: { observed: easy }, want: false },
  { it: 'two hard ones', a: { observed: hard }, b: { observed: seen('192.0.2.1:1', '192.0.2.1:2') }, want: false },
  {
    it: 'a hard one and one with a declared endpoint',
    a: { observed: hard },
    b: { endpoint: '192.0.2.1:7000' },
    want: true,
  },
  { it: 'two of whom nothing is known', a: {}, b: {}, want: false },
  { it: 'one that is seen and one that is not', a: { observed: easy }, b: {}, want: true },
  {
    it: 'two hard ones in one LAN',
    a: { observed: hard, siteId: 'home', lanAddresses: ['192.168.1.1'] },
    b: { observed: hard, siteId: 'home' },
    want: true,
  },
])('whether $it may meet: $want', ({ a, b, want }) => {
  expect(mayMeet(end(1, a), end(2, b))).toBe(want)
  expect(mayMeet(end(2, b), end(1, a))).toBe(want)
})

test('a NAT that gives a new port for each peer has none for us: it calls, and is not called', () => {
  const [a, b] = [end(1, { observed: hard }), end(2, { endpoint: '192.0.2.1:7000' })]
  expect(texts(b, a)).toEqual([])
  expect(texts(a, b)).toEqual(['declared 192.0.2.1:7000'])
})

test('a report of the same in another order is no change', () => {
  const one = home(1, { observed: seen('198.51.100.7:1', '198.51.100.7:2'), lanAddresses: ['192.168.1.1', '10.0.0.1'] })
  const row = {
    siteId: 'home',
    observed: seen('198.51.100.7:2', '198.51.100.7:1'),
    lanAddresses: ['10.0.0.1', '192.168.1.1'],
  }
  expect(end(1, row).text).toBe(one.text)
})

const dual = (ordinal: number, over: Partial<JoinedNode> = {}) =>
  end(ordinal, { lanAddresses: [`192.168.1.${ordinal}`, `2001:db8:${ordinal}::7`], ...over })

test('two with global IPv6 addresses call each other there before where gateways see them', () =>
  expect(texts(dual(1), dual(2, { observed: easy }))).toEqual([
    'lan [2001:db8:2::7]:40002',
    'observed 198.51.100.8:41641',
  ]))

test('a hard NAT of IPv4 does not hinder two with global IPv6 addresses', () => {
  const [a, b] = [dual(1, { observed: hard }), dual(2, { observed: seen('198.51.100.9:50001', '198.51.100.9:50002') })]
  expect(mayMeet(a, b)).toBe(true)
  expect(texts(a, b)).toEqual(['lan [2001:db8:2::7]:40002'])
  expect(mayMeet(a, end(2, { observed: easy, lanAddresses: ['192.168.1.2'] }))).toBe(false)
  // Unique local ones are no way from elsewhere.
  expect(mayMeet(dual(1, { lanAddresses: ['fd00:1::7'] }), dual(2, { lanAddresses: ['fd00:2::7'] }))).toBe(false)
})

test('who has no IPv6 is not sent to such an address, nor who has no IPv4 to one of those', () => {
  const six = (ordinal: number) =>
    end(ordinal, { siteId: 'home', lanAddresses: [`2001:db8::${ordinal}`], observed: easy })
  expect(texts(home(1), dual(2, { siteId: 'home' }))).toEqual(['lan 192.168.1.2:40002'])
  expect(texts(six(1), dual(2, { siteId: 'home', observed: easy }))).toEqual(['lan [2001:db8:2::7]:40002'])
  expect(texts(end(1, {}), six(2))).toContain('observed 198.51.100.8:41641')
})

test('in one LAN with unique local addresses the nearest prefix comes first', () =>
  expect(
    texts(
      home(1, { lanAddresses: ['192.168.1.1', 'fd00:1::1'] }),
      home(2, { lanAddresses: ['192.168.1.2', 'fd00:1::2', 'fd00:2::2'] }),
    ),
  ).toEqual(['lan [fd00:1::2]:40002', 'lan 192.168.1.2:40002', 'lan [fd00:2::2]:40002']))

test('seen at an IPv6 address by gateways that have one, it is called there', () =>
  expect(
    texts(
      dual(1),
      end(2, { observed: seen('[2001:db8:2::9]:40002', '[2001:db8:2::9]:40002'), lanAddresses: ['10.0.0.2'] }),
    ),
  ).toEqual(['observed [2001:db8:2::9]:40002']))
