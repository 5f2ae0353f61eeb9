import { expect, test } from 'vitest'
import { parseAddress } from '../ip/address.ts'
import { parseEndpoint } from '../ip/endpoint.ts'
import { directNatKind } from './nat-kind.ts'

const addresses = (...texts: string[]) =>
  texts.map((text) => {
    const address = parseAddress(text)
    if (!address.ok) throw new Error(address.error.message)
    return address.value
  })
const endpoints = (...texts: string[]) =>
  texts.map((text) => {
    const endpoint = parseEndpoint(text)
    if (!endpoint.ok || endpoint.value.kind !== 'address') throw new Error(text)
    return { address: endpoint.value.address, port: endpoint.value.port }
  })

test.each([
  { it: 'nobody has seen', observed: [], want: 'unknown' },
  { it: 'one gateway has seen', observed: ['198.51.100.7:41641'], want: 'unknown' },
  { it: 'two see at one port', observed: ['198.51.100.7:41641', '198.51.100.7:41641'], want: 'easy' },
  { it: 'two see at two ports', observed: ['198.51.100.7:50001', '198.51.100.7:50002'], want: 'hard' },
  {
    it: 'three see, one of them otherwise',
    observed: ['198.51.100.7:1', '198.51.100.7:1', '198.51.100.7:2'],
    want: 'hard',
  },
  {
    it: 'one sees in its own LAN and one outside',
    observed: ['192.168.1.10:41641', '198.51.100.7:50002'],
    want: 'unknown',
  },
  { it: 'one sees by IPv4 and one by IPv6', observed: ['198.51.100.7:50002', '[2001:db8::99]:1'], want: 'unknown' },
  { it: 'is seen at a public address of its own', observed: ['203.0.113.20:41641'], want: 'easy' },
  {
    it: 'is seen at its own address by one and translated by two',
    observed: ['203.0.113.20:1', '198.51.100.7:2', '198.51.100.7:3'],
    want: 'hard',
  },
])('who $it is behind a NAT of the kind $want', ({ observed, want }) =>
  expect(
    directNatKind({
      hasDeclaredEndpoint: false,
      ownAddresses: addresses('192.168.1.10', '203.0.113.20'),
      observed: endpoints(...observed),
    }),
  ).toBe(want),
)

test('who has a declared endpoint is open, whatever is seen', () =>
  expect(
    directNatKind({ hasDeclaredEndpoint: true, ownAddresses: [], observed: endpoints('192.0.2.1:1', '192.0.2.1:2') }),
  ).toBe('open'))
