import { expect, test } from 'vitest'
import { lossOf, mergeLinks, tunnelsByNode } from './merge-links.ts'
import type { LinkRecord } from './read-links.ts'

const now = Date.UTC(2026, 0, 1)
const ago = (seconds: number): number => now - seconds * 1000
const names: Record<string, string> = { a: 'gate', b: 'home' }
const merge = (links: LinkRecord[]) => mergeLinks(links, (id) => names[id] ?? id, now)

function link(nodeId: string, peerId: string, given: Partial<LinkRecord> = {}): LinkRecord {
  return {
    nodeId,
    peerId,
    interfaceName: 'span0',
    reportedAt: ago(2),
    state: 'alive',
    sinceAt: ago(600),
    heardAt: ago(3),
    handshakeAt: ago(40),
    endpoint: '203.0.113.7:51820',
    rttMs: 12.5,
    sent: 100,
    lost: 1,
    rxBytes: 1000,
    txBytes: 2000,
    rxRate: 10,
    txRate: 20,
    triedAt: null,
    nextTryAt: null,
    ...given,
  }
}

const dead = { state: 'dead', sinceAt: ago(30), heardAt: ago(42) } as const

test.each<{ it: string; links: LinkRecord[]; want: string }>([
  { it: 'heard at both ends is up', links: [link('a', 'b'), link('b', 'a')], want: 'up' },
  { it: 'heard at one end, with no word of the other, is up', links: [link('b', 'a')], want: 'up' },
  { it: 'given up at both ends is down', links: [link('a', 'b', dead), link('b', 'a', dead)], want: 'down' },
  {
    it: 'given up at one end while the other has not heard since is down',
    links: [link('a', 'b', dead), link('b', 'a', { heardAt: ago(31) })],
    want: 'down',
  },
  {
    it: 'given up at one end while the other still hears is one-way',
    links: [link('a', 'b', dead), link('b', 'a')],
    want: 'one-way',
  },
  {
    it: 'that nobody has reported for a minute is stale',
    links: [link('a', 'b', { reportedAt: ago(60), heardAt: ago(61) })],
    want: 'stale',
  },
  {
    it: 'without an answer yet is unknown',
    links: [link('a', 'b', { state: 'unknown', heardAt: null, handshakeAt: null })],
    want: 'unknown',
  },
])('a tunnel $it', ({ links, want }) => {
  const tunnels = merge(links)
  expect(tunnels).toHaveLength(1)
  expect(tunnels[0]?.judged.status).toBe(want)
})

test('both ends make one tunnel, whichever row comes first, its lower id first', () => {
  const there = link('a', 'b', { rttMs: 1 })
  const back = link('b', 'a', { rttMs: 2 })
  for (const links of [
    [there, back],
    [back, there],
  ]) {
    expect(merge(links)).toMatchObject([{ a: 'a', b: 'b', aSees: { rttMs: 1 }, bSees: { rttMs: 2 } }])
  }
})

test('of two interfaces to one peer the newest report counts', () => {
  const old = link('a', 'b', { interfaceName: 'wg0', reportedAt: ago(20), ...dead })
  expect(merge([link('a', 'b'), old])[0]?.judged.status).toBe('up')
  expect(merge([old, link('a', 'b')])[0]?.judged.status).toBe('up')
})

test('each end has its tunnels', () => {
  const byNode = tunnelsByNode(merge([link('a', 'b'), link('a', 'c'), link('c', 'a')]))
  expect([byNode.get('a')?.length, byNode.get('b')?.length, byNode.get('c')?.length]).toEqual([2, 1, 1])
})

test('of few pings no share is told: the first one is lost while the tunnel opens', () => {
  expect(lossOf({ sent: 6, lost: 1 })).toBeNull()
  expect(lossOf({ sent: 20, lost: 1 })).toBe(0.05)
  expect(lossOf({ sent: 40, lost: 41 })).toBe(1)
})
