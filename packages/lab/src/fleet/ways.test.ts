import { parseWays } from '@spanwire/mesh/protocol/parse-ways'
import { expect, test } from 'vitest'
import type { EndView, Tunnel } from './tunnel.ts'
import { SimulatedWays } from './ways.ts'

const KEY = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
/** 10:00:10 UTC; the machine booted an hour and ten seconds before. */
const DEAD_AT = Date.parse('2026-11-20T10:00:10Z') / 1000
const BOOT = DEAD_AT - 3610

const files = new Map([
  ['paths/interfaces', 'span0d 0 1420 direct\n'],
  ['paths/peers.span0d', `[Peer]\nPublicKey = ${KEY}\nAllowedIPs = 10.77.0.5/32\n`],
  ['paths/endpoints', `${KEY} lan 192.168.1.20:40000\n${KEY} observed 203.0.113.7:40000\n`],
  ['paths/destinations', `home-2 10.77.0.5/32 span0d:${KEY} default\n`],
])

/** What a report says of tries, so many seconds after its direct path died. */
function triesAfter(seconds: number, state: EndView['state'] = 'dead', given = files) {
  const view: EndView = {
    ...{ state, since: DEAD_AT, heard: null, handshakeAt: null, rttMs: null },
    ...{ sent: 9, lost: 9, rxBytes: 0, txBytes: 0 },
  }
  const tunnel = { view: () => view, configure() {}, fit() {} } as Partial<Tunnel> as Tunnel
  const now = DEAD_AT + seconds
  const ways = new SimulatedWays(40_000, {
    link: () => ({ tunnel, end: 'member', isInUse: true, isDirect: true, endpoint: '203.0.113.7:40000' }),
    nextOf: () => null,
    directKey: () => KEY,
    now: () => now,
    uptime: (at) => at - BOOT,
    talksTo: () => [],
    underlay: () => 1500,
  })
  ways.take(given, null)
  const [, block] = ways.blocks().find(([name]) => name === 'ways') ?? []
  return parseWays(block)?.peers.map(({ tries }) => tries)
}

test('a machine of the fleet says when it tried a dead direct path and when it does so again, as the part does', () => {
  expect(triesAfter(30)).toEqual([{ last: 3610, next: null }])
  // After two endpoints, 15 s and 45 s: from 10:02:00 on.
  expect(triesAfter(70)).toEqual([{ last: 3610, next: 3720 }])
})

test('of a path that lives, or that it cannot call, it says nothing', () => {
  expect(triesAfter(70, 'alive')).toEqual([null])
  expect(triesAfter(70, 'dead', new Map([...files, ['paths/endpoints', '']]))).toEqual([null])
})
