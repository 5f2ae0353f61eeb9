import { expect, test } from 'vitest'
import { type DeviceFile, fileChanges } from './device-file.ts'

const peer = {
  name: 'gw-1',
  publicKey: 'A',
  endpoint: '203.0.113.7:51820',
  allowedIps: ['10.77.0.0/16'],
  keepaliveSeconds: 25,
}
const file: DeviceFile = { addresses: ['10.77.0.9/32'], mtu: 1420, peer }

test.each<{ it: string; wanted: DeviceFile; changes: string[] }>([
  { it: 'nothing', wanted: file, changes: [] },
  {
    it: 'nothing for a gateway with another name',
    wanted: { ...file, peer: { ...peer, name: 'gw-fra' } },
    changes: [],
  },
  {
    it: 'another gateway, whose endpoint is another by its nature',
    wanted: { ...file, peer: { ...peer, name: 'gw-2', publicKey: 'B', endpoint: '198.51.100.1:51820' } },
    changes: ['gw-2 is the gateway, no longer gw-1'],
  },
  {
    it: 'another key of it',
    wanted: { ...file, peer: { ...peer, publicKey: 'B' } },
    changes: ['gw-1 has another key'],
  },
  {
    it: 'another endpoint',
    wanted: { ...file, peer: { ...peer, endpoint: 'gw.example.org:51820' } },
    changes: ['gw-1 is reached at gw.example.org:51820, no longer at 203.0.113.7:51820'],
  },
  {
    it: 'ranges that came and went, and the MTU',
    wanted: { ...file, mtu: 1380, peer: { ...peer, allowedIps: ['10.42.0.0/16'] } },
    changes: [
      'the tunnel leads to 10.42.0.0/16 too',
      'the tunnel leads to 10.77.0.0/16 no more',
      'the MTU is 1380, no longer 1420',
    ],
  },
  {
    it: 'keepalive and addresses',
    wanted: { ...file, addresses: ['10.78.0.9/32'], peer: { ...peer, keepaliveSeconds: 15 } },
    changes: [
      'its addresses are 10.78.0.9/32, no longer 10.77.0.9/32',
      'it sends a keepalive every 15 s, no longer every 25 s',
    ],
  },
])('a file is told $it', ({ wanted, changes }) => expect(fileChanges(file, wanted)).toEqual(changes))
