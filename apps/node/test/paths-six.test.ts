import { ping } from '@spanwire/lab/ping'
import { TcpStream } from '@spanwire/lab/tcp-stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NodeLab } from './node-lab.ts'
import { PathsLab } from './paths-lab.ts'
import { until } from './until.ts'

/** Two machines that reach each other by IPv6 only: what carries IPv4 between them drops UDP. Their gateway sees them by IPv6. */
let lab: NodeLab
let net: PathsLab
const SIX = { 'gw-1': '2001:db8:7::1', red: '2001:db8:7::2', blue: '2001:db8:7::3' } as const

beforeAll(async () => {
  lab = await NodeLab.create()
  net = await PathsLab.on(lab, 'hand')
  await net.gateway('gw-1')
  await Promise.all([net.member('red', ['gw-1']), net.member('blue', ['gw-1'], undefined, { shell: 'busybox ash' })])
  for (const [name, address] of Object.entries(SIX))
    await net.host(name).output(`ip -6 addr add ${address}/64 dev eth0 nodad`)
  await net.host('red').cutUdp({ to: net.host('blue') })
  // From here on: a tunnel that lives stays as it is.
  net.hosts.set('gw-1', `[${SIX['gw-1']}]`)
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test('seen by IPv6, they come to a direct path by IPv6, and carry both families in it', async () => {
  const [red, blue] = [net.host('red'), net.host('blue')]
  await net.pair('red', 'blue')
  expect(net.observed('blue')).toEqual([expect.stringMatching(/^\[2001:db8:7::3\]:\d+$/)])
  await Promise.all([net.goes('red', 'blue', 'span0d', 120_000), net.goes('blue', 'red', 'span0d', 120_000)])
  expect(await red.output('wg show span0d endpoints')).toMatch(/\t\[2001:db8:7::3\]:\d+$/m)
  await using stream = await TcpStream.open(red, blue, net.address('blue'))
  await stream.moved(200_000)
  expect(await ping(red, net.address('blue'), { count: 3 })).toMatchObject({ lost: 0 })
  expect((await stream.close()).ended).toBe('closed')
})

test('what is measured outside of the tunnels counts the longer header of IPv6', async () => {
  await until(
    'the MTU by IPv6',
    120_000,
    () => {
      net.server.release()
      return /^mtu span0d \S+ 1500$/m.test(net.block('red', 'direct'))
    },
    500,
  )
})

test('a machine that forwards goes on hearing router advertisements', async () => {
  const read = (name: string) => net.host(name).output('cat /proc/sys/net/ipv6/conf/eth0/accept_ra')
  expect(await net.host('gw-1').output('cat /proc/sys/net/ipv6/conf/all/forwarding')).toContain('1')
  expect((await read('gw-1')).trim()).toBe('2')
  expect((await read('red')).trim()).toBe('1')
})

test('a firewalld that drops what it would answer by another interface is named, with what to set', async () => {
  const red = net.machines.get('red')
  const configure = (value: string) =>
    net.host('red').output(`mkdir -p /etc/firewalld; echo IPv6_rpfilter=${value} > /etc/firewalld/firewalld.conf
      printf '#!/bin/sh\\necho running\\n' > /usr/local/bin/firewall-cmd; chmod +x /usr/local/bin/firewall-cmd`)
  await configure('yes')
  expect((await red?.spanwire('doctor'))?.stdout).toMatch(/paths: firewalld drops IPv6 .* IPv6_rpfilter=loose/)
  await configure('loose')
  expect((await red?.spanwire('doctor'))?.stdout).not.toContain('firewalld')
})

test('`spanwire status` tells the ways', async () => {
  await until('the way to blue', 30_000, async () =>
    /^ {2}blue: direct, since \d\d:\d\d, better$/m.test(
      (await net.machines.get('red')?.spanwire('status'))?.stdout ?? '',
    ),
  )
  const { stdout } = (await net.machines.get('red')?.spanwire('status')) ?? { stdout: '' }
  expect(stdout).toMatch(/^ {2}default: through gw-1, since \d\d:\d\d, /m)
  expect(stdout).toMatch(/^ {2}gateways: gw-1 by span0, alive, preferred$/m)
  expect(stdout).toMatch(/^ {2}span0 gw-1 alive for /m)
})
