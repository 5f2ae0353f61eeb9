import { describe, expect, test } from 'vitest'
import { renderCuts } from './cut.ts'
import { lan } from './ipv4.ts'
import { parsePing, withoutLast } from './ping.ts'

describe('a LAN', () => {
  test('counts its hosts from the network address, whatever address it was given by', () => {
    expect(lan('192.168.1.77/24').at(10)).toBe('192.168.1.10')
    expect(lan('10.0.0.0/22').at(300)).toBe('10.0.1.44')
  })

  test('knows what is in it', () => {
    expect(lan('192.168.1.0/24').has('192.168.1.255')).toBe(true)
    expect(lan('192.168.1.0/24').has('192.168.2.0')).toBe(false)
  })

  test.each(['192.168.1.0', '192.168.1.0/33', '192.168.1/24', '300.1.1.1/24'])('%s is refused', (text) => {
    expect(() => lan(text).at(1)).toThrow(RangeError)
  })
})

test('the summary of ping is read with and without answers', () => {
  const answered = `3 packets transmitted, 2 received, 33.3333% packet loss, time 400ms
rtt min/avg/max/mdev = 0.113/0.575/1.038/0.462 ms\n`
  expect(parsePing(answered)).toMatchObject({
    sent: 3,
    received: 2,
    lost: 1,
    rttMs: { min: 0.113, avg: 0.575, max: 1.038 },
  })
  const silent = '2 packets transmitted, 0 received, 100% packet loss, time 1001ms\n'
  expect(parsePing(silent)).toMatchObject({ lost: 2, lossPercent: 100, rttMs: undefined })
  expect(() => parsePing('', 'ping: nowhere: Name or service not known')).toThrow('nowhere')
})

test('echoes that were under way when ping was stopped are not lost; one in between is, and so are many at the end', () => {
  const after = (seqs: readonly number[], sent: number) =>
    parsePing(
      `${seqs.map((seq) => `64 bytes from 10.0.0.1: icmp_seq=${seq} ttl=64 time=1.0 ms`).join('\n')}
${sent} packets transmitted, ${seqs.length} received, 0% packet loss, time 400ms\n`,
    )
  expect(withoutLast(after([1, 2, 3], 5), 2)).toMatchObject({ sent: 3, lost: 0 })
  expect(withoutLast(after([1, 3], 5), 2)).toMatchObject({ sent: 3, lost: 1 })
  expect(withoutLast(after([1, 2], 5), 2)).toMatchObject({ sent: 5, lost: 3 })
})

test('a cut by port stops both ends of it, in both directions, and nothing else', () => {
  const rules = renderCuts(new Map([['port3', [{ kind: 'udp', port: 51820, peer: '203.0.113.20' }]]]))
  expect(rules.match(/.*drop$/gm)?.map((line) => line.trim())).toEqual([
    'iifname "port3" ip daddr 203.0.113.20 udp sport 51820 counter drop',
    'iifname "port3" ip daddr 203.0.113.20 udp dport 51820 counter drop',
    'oifname "port3" ip saddr 203.0.113.20 udp sport 51820 counter drop',
    'oifname "port3" ip saddr 203.0.113.20 udp dport 51820 counter drop',
  ])
})
