import type { Home } from '@spanwire/lab/home'
import { type PingResult, ping, pingWhile } from '@spanwire/lab/ping'
import { TcpStream } from '@spanwire/lab/tcp-stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NodeLab } from './node-lab.ts'
import { PathsLab } from './paths-lab.ts'
import { until } from './until.ts'

/** Machines behind home routers. All hosts have a strict rp_filter; the first two homes have the same LAN range. */
let lab: NodeLab
let net: PathsLab
const homes: Record<string, Home> = {}

beforeAll(async () => {
  lab = await NodeLab.create()
  net = await PathsLab.on(lab, 'hand')
  await net.gateway('gw-1')
  await net.gateway('gw-2', { address: '198.51.100.21' })
  homes.one = await lab.lab.home('one')
  homes.two = await lab.lab.home('two')
  homes.hard = await lab.lab.home('hard', { lan: '192.168.9.0/24', nat: 'random' })
  await Promise.all([
    net.member('red', ['gw-1', 'gw-2'], homes.one),
    net.member('rose', ['gw-1'], homes.one, { shell: 'busybox ash' }),
    net.member('blue', ['gw-1', 'gw-2'], homes.two),
    net.member('grey', ['gw-2', 'gw-1'], homes.hard),
  ])
  await net.alive('gw-1', 'gw-2', 'red', 'blue')
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test('two behind routers that keep ports come to a direct path, and lose nothing on the way to it', async () => {
  const [red, blue] = [net.host('red'), net.host('blue')]
  await using stream = await TcpStream.open(red, blue, net.address('blue'))
  await stream.moved(100_000)
  await net.pair('red', 'blue')
  // A bundle that is applied costs a packet where WireGuard runs in user space: it opens its port anew.
  await Promise.all(['gw-1', 'red', 'blue'].map((name) => net.machines.get(name)?.synced()))
  expect(await net.way('red', 'blue')).toBe('default')
  const moving = await pingWhile(red, net.address('blue'), async () => {
    await Promise.all([net.goes('red', 'blue', 'span0d', 60_000), net.goes('blue', 'red', 'span0d', 60_000)])
    await stream.moved(200_000)
  })
  expect(missing(moving)).toEqual([])
  expect(await red.output(`ip route get ${net.address('blue')}`)).toContain('dev span0d')
  // Of the last of three peers on one interface too.
  const told = (line: string) =>
    line.startsWith(`peer span0d ${net.directKey('blue')} alive `) && line.includes(` ${homes.two?.address}:`)
  await until('red to tell where it calls blue', 30_000, () => {
    net.server.release()
    return net.block('red', 'ways').split('\n').some(told)
  })
  const { longestGapMs, ended } = await stream.close()
  expect(longestGapMs).toBeLessThan(1_500)
  expect(ended).toBe('closed')
})

test('two in one LAN use it, whatever else might be tried', async () => {
  const at = (_: string, to: string) => [
    `lan ${net.host(to).address}:${/^port (\d+)$/m.exec(net.block(to, 'direct'))?.[1] ?? 9}`,
    ...net.observed(to).map((endpoint) => `observed ${endpoint}`),
  ]
  await net.pair('red', 'rose', at)
  // The ports of interfaces are told after they were made.
  await until('their ports', 30_000, () => {
    net.server.release()
    return ['red', 'rose'].every((name) => /^port [1-9]/m.test(net.block(name, 'direct')))
  })
  net.server.publish()
  await Promise.all([net.goes('red', 'rose', 'span0d', 90_000), net.goes('rose', 'red', 'span0d', 90_000)])
  expect(await net.host('red').output('wg show span0d endpoints')).toContain(`\t${net.host('rose').address}:`)
})

test('behind a router with a new port for each destination nothing is direct, and all is carried', async () => {
  await net.pair('red', 'grey')
  await until(
    'both gateways to see it',
    60_000,
    () => {
      net.server.release()
      return net.observed('grey').length > 1
    },
    500,
  )
  net.server.publish()
  await until(
    'each endpoint to be tried',
    60_000,
    async () => {
      const { stdout } = await net.host('red').exec(`grep ${net.directKey('grey')} /run/spanwire/ways/table`)
      return Number(stdout.split(' ')[16]) === net.observed('grey').length
    },
    500,
  )
  expect(await net.way('red', 'grey')).toBe('default')
  expect(await ping(net.host('red'), net.address('grey'))).toMatchObject({ lost: 0 })
  // What lives is left alone meanwhile.
  expect(await net.way('red', 'blue')).toBe('span0d')
  expect(await net.way('red', 'rose')).toBe('span0d')
})

test('a direct try that fails is told with when it was and when the next one is, by whatever clock, and that is when it comes', {
  timeout: 540_000,
}, async () => {
  const [red, key] = [net.host('red'), net.directKey('grey') ?? '-']
  /** As the server reads it. */
  const told = () => {
    net.server.release()
    const report = net.server.last('red')
    const tries = report?.ways?.peers.find(({ publicKey }) => publicKey === key)?.tries
    return report && tries ? { ...tries, at: report.uptimeSeconds } : null
  }
  const began = async () => Number((await red.output(`grep ${key} /run/spanwire/ways/table`)).trim().split(' ')[21])
  await until('a try to be over', 330_000, () => (told()?.next ?? 0) - (told()?.at ?? 0) > 20, 500)
  const { last, next } = told() ?? { last: 0, next: 0 }
  expect(last).toBe(await began())
  // The clock is set, so that the next one is in 50 s, and in the same minute still.
  const step = Math.floor((next ?? 0) - (told()?.at ?? 0) - 50)
  await red.stepClock(step)
  const soon = (next ?? 0) - step
  await until('the next one to be told anew', 45_000, () => Math.abs((told()?.next ?? 0) - soon) <= 2, 500)
  const promised = told()?.next ?? 0
  await until('the next one', 90_000, async () => (await began()) !== last, 500)
  const begun = await began()
  // At the first tick from then on: a tick is 3 s, on a busy machine longer. Two clocks in whole seconds may differ by two.
  expect(begun - promised).toBeGreaterThanOrEqual(-2)
  expect(begun - promised).toBeLessThanOrEqual(10)
  await until('it to be told', 40_000, () => told()?.last === begun && told()?.next === null, 500)
  await red.stepClock(0)
})

test('what it talks to is told when our table counts it', async () => {
  const [red, blue] = [net.host('red'), net.address('blue')]
  net.talks = true
  net.server.publish()
  await until('the set to stand', 20_000, async () =>
    (await red.output('nft list table inet spanwire')).includes('talk4'),
  )
  await ping(red, blue)
  await until(
    'the count',
    40_000,
    () => {
      net.server.release()
      return new RegExp(`^${blue} [1-9]\\d* \\d+$`, 'm').test(net.block('red', 'talk'))
    },
    500,
  )
})

test('an endpoint inside of a range that is routed through the tunnel keeps its own way', async () => {
  net.routes.set('blue', ['198.51.100.0/24'])
  net.server.publish()
  const red = net.host('red')
  await until('the range to be routed', 30_000, async () =>
    (await red.output('ip route get 198.51.100.77')).includes('dev span0d'),
  )
  expect(await red.output('ip route get 198.51.100.21')).toContain('dev eth0')
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  expect(await red.output('grep span0b /run/spanwire/ways/table')).toContain(' alive ')
  expect(await ping(red, net.address('gw-2'))).toMatchObject({ lost: 0 })
})

test('a direct peer that is planned no more is heard for some seconds yet, so that nothing is lost while its end still sends here', async () => {
  const [red, rose] = [net.host('red'), net.host('rose')]
  const peers = () => red.output('wg show span0d peers')
  const key = net.directKey('rose') ?? '-'
  expect(await net.way('red', 'rose')).toBe('span0d')
  net.pairs.delete('red,rose')
  const leaving = await pingWhile(rose, net.address('red'), async () => {
    net.server.publish()
    await until('red to send it to a gateway', 30_000, async () => (await net.way('red', 'rose')) !== 'span0d')
    expect(await peers()).toContain(key)
    await until('it to go', 30_000, async () => !(await peers()).includes(key))
  })
  // A bundle costs each end a packet where WireGuard runs in user space.
  expect(missing(leaving).length).toBeLessThanOrEqual(2)
})

test('with the wall clock an hour off, either way, no path changes', async () => {
  const ways = () =>
    net
      .host('red')
      .output(
        `cd /run/spanwire/ways; cut -d' ' -f1-5 chosen; cut -d' ' -f1-4 table | grep -v ${net.directKey('grey')} | sort`,
      )
  const before = await ways()
  for (const seconds of [3600, -3600]) {
    await net.host('red').stepClock(seconds)
    await new Promise((resolve) => setTimeout(resolve, 8_000))
    expect(await ways()).toBe(before)
  }
  await net.host('red').stepClock(0)
})

test('a direct path whose UDP is dropped is carried within 20 s with the server dead, and comes back when it can', async () => {
  await net.server.close()
  const [red, blue] = [net.host('red'), net.host('blue')]
  await using stream = await TcpStream.open(red, blue, net.address('blue'))
  await stream.moved(200_000)
  await homes.one?.cutUdp({ to: homes.two })
  await Promise.all([net.goes('red', 'blue', 'default', 20_000), net.goes('blue', 'red', 'default', 20_000)])
  await stream.moved(100_000, 20_000)
  await homes.one?.healUdp()
  const moving = await pingWhile(red, net.address('blue'), async () => {
    await Promise.all([net.goes('red', 'blue', 'span0d', 120_000), net.goes('blue', 'red', 'span0d', 120_000)])
    await stream.moved(200_000)
  })
  expect(missing(moving)).toEqual([])
  expect((await stream.close()).ended).toBe('closed')
})

/** Which of the pings were not answered; the last ones may still be under way on a busy machine. */
function missing({ sent, text }: PingResult): number[] {
  const seen = new Set([...text.matchAll(/icmp_seq=(\d+)/g)].map(([, seq]) => Number(seq)))
  return Array.from({ length: sent - 5 }, (_, i) => i + 1).filter((seq) => !seen.has(seq))
}
