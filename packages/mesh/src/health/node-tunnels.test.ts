import { expect, test } from 'vitest'
import { nodeTunnels } from './node-tunnels.ts'
import type { TunnelStatus } from './tunnel-status.ts'

const now = 1_790_000_000_000
const link = (status: TunnelStatus['status'], handshakeAgeSeconds: number | null = null): TunnelStatus => ({
  status,
  evidenceAt: now - 2000,
  sinceAt: null,
  handshakeAt: handshakeAgeSeconds === null ? null : now - handshakeAgeSeconds * 1000,
  rttMs: null,
  direction: null,
  reason: '',
})

test.each([
  {
    it: 'all alive',
    links: [...Array(11).fill(link('up', 3)), link('up', 41)],
    status: 'up',
    sentence: '12 of 12 alive, oldest handshake 41 s',
  },
  { it: 'none at all', links: [], status: 'none', sentence: 'no tunnels yet' },
  {
    it: 'one lost',
    links: [link('up', 5), link('down', 900)],
    status: 'degraded',
    sentence: '1 of 2 alive, 1 down, oldest handshake 5 s',
  },
  { it: 'all lost', links: [link('down', 900), link('down')], status: 'down', sentence: '0 of 2 alive, 2 down' },
  {
    it: 'lost or not known',
    links: [link('down'), link('stale')],
    status: 'down',
    sentence: '0 of 2 alive, 1 down, 1 without fresh evidence',
  },
  {
    it: 'nothing fresh',
    links: [link('stale', 5), link('unknown')],
    status: 'stale',
    sentence: '0 of 2 alive, 1 without fresh evidence, 1 not known yet',
  },
  { it: 'just begun', links: [link('unknown')], status: 'unknown', sentence: '0 of 1 alive, 1 not known yet' },
  { it: 'one way only', links: [link('one-way', 5)], status: 'degraded', sentence: '0 of 1 alive, 1 one-way' },
  { it: 'alive by probe with no handshake seen', links: [link('up')], status: 'up', sentence: '1 of 1 alive' },
])('$it: $sentence', ({ links, status, sentence }) =>
  expect(nodeTunnels(links, now)).toMatchObject({ status, sentence, total: links.length }),
)

test('direct paths for which gateways carry are said beside the count, and change neither it nor the colour', () => {
  const links = [link('up', 5), link('up', 41)]
  expect(nodeTunnels(links, now, 1)).toMatchObject({
    status: 'up',
    total: 2,
    sentence: '2 of 2 alive, oldest handshake 41 s; 1 direct path is not alive, gateways carry for it',
  })
  expect(nodeTunnels(links, now, 3).sentence).toContain('; 3 direct paths are not alive, gateways carry for them')
})
