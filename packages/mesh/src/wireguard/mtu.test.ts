import { expect, test } from 'vitest'
import { parseMtu, podMtu, tunnelMtu, wireSize } from './mtu.ts'

test.each([
  { link: 'Ethernet', mtu: 1500, v4: 1440, v6: 1420, vxlan: 1370, vxlan6: 1350, native: 1340 },
  { link: 'PPPoE', mtu: 1492, v4: 1432, v6: 1412, vxlan: 1362, vxlan6: 1342, native: 1332 },
  { link: 'Google Cloud', mtu: 1460, v4: 1400, v6: 1380, vxlan: 1330, vxlan6: 1310, native: 1300 },
  { link: 'a Hetzner private network', mtu: 1450, v4: 1390, v6: 1370, vxlan: 1320, vxlan6: 1300, native: 1290 },
])('over $link ($mtu) the tunnel has $v6, and pods follow', ({ mtu, v4, v6, vxlan, vxlan6, native }) => {
  expect(tunnelMtu(mtu, 'ipv4')).toBe(v4)
  expect(tunnelMtu(mtu)).toBe(v6)
  expect(podMtu(v6, 'host-gw')).toBe(v6)
  expect(podMtu(v6, 'vxlan')).toBe(vxlan)
  expect(podMtu(v6, 'vxlan-ipv6')).toBe(vxlan6)
  expect(podMtu(v6, 'wireguard-native')).toBe(native)
})

test.each([
  { it: 'a keepalive', inner: 0, want: 60 },
  { it: 'one byte, padded to 16', inner: 1, want: 76 },
  { it: 'a ping of 84', inner: 84, want: 96 + 60 },
  { it: 'a full packet, not padded past the MTU', inner: 1420, want: 1480 },
])('$it is $want bytes on an IPv4 wire', ({ inner, want }) => expect(wireSize(inner, 1420, 'ipv4')).toBe(want))

test.each([1280, 1420, 8920, 65455])('%d is an MTU for a network', (mtu) =>
  expect(parseMtu(mtu)).toEqual({ ok: true, value: mtu }),
)

test.each([0, 1279, 65456, 1420.5, Number.NaN, -1])('%d is refused as an MTU', (mtu) => {
  expect(parseMtu(mtu)).toMatchObject({ ok: false, error: { kind: 'bad-mtu' } })
})
