import { expect, test } from 'vitest'
import { configFileName, configText, peerText } from './config-text.ts'

const config = {
  addresses: ['10.77.0.9/32', 'fd12::9/128'],
  mtu: 1420,
  dns: [],
  peer: {
    name: 'gw-fra',
    publicKey: 'PUBLIC',
    endpoint: '203.0.113.7:51820',
    allowedIps: ['10.77.0.0/16', 'fd12::/48', '10.42.0.0/16'],
    keepaliveSeconds: 25,
  },
}

test('the file has what wg-quick needs and nothing else', () =>
  expect(configText(config, 'PRIVATE', { device: 'laptop', network: 'home' })).toBe(`# laptop in home
[Interface]
PrivateKey = PRIVATE
Address = 10.77.0.9/32, fd12::9/128
MTU = 1420

# gw-fra
[Peer]
PublicKey = PUBLIC
Endpoint = 203.0.113.7:51820
AllowedIPs = 10.77.0.0/16, fd12::/48, 10.42.0.0/16
PersistentKeepalive = 25
`))

test('what is to be replaced when another gateway carries is its section, without a key of the device', () => {
  expect(peerText(config)).toMatch(/^# gw-fra\n\[Peer\]\nPublicKey = PUBLIC\n/)
  expect(peerText(config)).not.toMatch(/Interface|PrivateKey/)
})

test('name servers are written when there are some', () =>
  expect(configText({ ...config, dns: ['10.43.0.10'] }, 'P', { device: 'a', network: 'b' })).toContain(
    '\nDNS = 10.43.0.10\n',
  ))

test.each([
  { network: 'home', want: 'home.conf' },
  { network: 'a-network-with-a-long-name', want: 'a-network-with-.conf' },
  { network: '网络', want: 'wg0.conf' },
])('$network becomes a name that an interface may have: $want', ({ network, want }) =>
  expect(configFileName(network)).toBe(want),
)
