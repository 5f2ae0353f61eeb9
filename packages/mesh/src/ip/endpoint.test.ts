import { expect, test } from 'vitest'
import { formatEndpoint, parseEndpoint } from './endpoint.ts'

test.each([
  { text: '203.0.113.7:51820', want: '203.0.113.7:51820', kind: 'address' },
  { text: '[2001:DB8:0::7]:1', want: '[2001:db8::7]:1', kind: 'address' },
  { text: 'VPN.Example.org:65535', want: 'vpn.example.org:65535', kind: 'name' },
  { text: 'gateway:51820', want: 'gateway:51820', kind: 'name' },
  { text: '1and1.example:51820', want: '1and1.example:51820', kind: 'name' },
])('$text is the $kind $want', ({ text, want, kind }) => {
  const parsed = parseEndpoint(text)
  expect(parsed).toMatchObject({ ok: true, value: { kind } })
  expect(parsed.ok && formatEndpoint(parsed.value)).toBe(want)
})

test.each([
  { it: 'nothing', text: '', kind: 'bad-endpoint' },
  { it: 'an address without port', text: '203.0.113.7', kind: 'no-port' },
  { it: 'an IPv6 address without brackets', text: '2001:db8::7', kind: 'no-port' },
  { it: 'an IPv6 address without brackets but with a port', text: '2001:db8::7:51820:x', kind: 'bad-endpoint' },
  { it: 'port 0', text: '203.0.113.7:0', kind: 'bad-port' },
  { it: 'port 65536', text: '203.0.113.7:65536', kind: 'bad-port' },
  { it: 'a port with a leading zero', text: '203.0.113.7:080', kind: 'bad-port' },
  { it: 'a negative port', text: '203.0.113.7:-1', kind: 'bad-endpoint' },
  { it: 'a mistyped address', text: '203.0.113:51820', kind: 'bad-host' },
  { it: 'a hexadecimal host', text: '0xcb007107:51820', kind: 'bad-host' },
  { it: 'an IPv4 address in brackets', text: '[203.0.113.7]:51820', kind: 'bad-host' },
  { it: 'a zone', text: '[fe80::1%eth0]:51820', kind: 'bad-endpoint' },
  { it: 'a name with an underscore', text: 'vpn_1.example:51820', kind: 'bad-host' },
  { it: 'a name with a trailing dot', text: 'vpn.example.:51820', kind: 'bad-host' },
  { it: 'a shell word', text: '$(reboot):51820', kind: 'bad-host' },
  { it: 'a second line', text: 'vpn.example:51820\nPostUp=x', kind: 'bad-endpoint' },
  { it: 'a newline at the end', text: 'vpn.example:51820\n', kind: 'bad-endpoint' },
  { it: 'a URL', text: 'https://vpn.example:51820', kind: 'bad-endpoint' },
  { it: 'any address', text: '0.0.0.0:51820', kind: 'unusable-address' },
  { it: 'broadcast', text: '255.255.255.255:51820', kind: 'unusable-address' },
  { it: 'IPv6 multicast', text: '[ff02::1]:51820', kind: 'unusable-address' },
])('$it is refused as $kind', ({ text, kind }) =>
  expect(parseEndpoint(text)).toMatchObject({ ok: false, error: { kind } }),
)

test('a missing port is answered with how to write it', () => {
  expect(parseEndpoint('203.0.113.7')).toMatchObject({
    error: { message: '"203.0.113.7" has no port; add it, like 203.0.113.7:51820' },
  })
})
