import { ping, pingWhile } from '@spanwire/lab/ping'
import { TcpStream } from '@spanwire/lab/tcp-stream'
import { parseDirect } from '@spanwire/mesh/protocol/parse-direct'
import { parseWays } from '@spanwire/mesh/protocol/parse-ways'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NodeLab } from './node-lab.ts'
import { pod, v6 } from './paths-bundle.ts'
import { PathsLab } from './paths-lab.ts'
import { pathsText } from './script-file.ts'
import { until } from './until.ts'

/** Members with two gateways each, with the bundles of the real planner; the server is dead while gateways and links fail. All hosts have a strict rp_filter. */
let lab: NodeLab
let net: PathsLab

beforeAll(async () => {
  lab = await NodeLab.create()
  net = await PathsLab.on(lab, 'planner')
  // An init, so that it comes back by itself after its power did.
  await net.gateway('gw-1', { init: 'systemd' })
  await net.gateway('gw-2', { shell: 'busybox ash' })
  await Promise.all([net.member('red', ['gw-1', 'gw-2']), net.member('blue', ['gw-1', 'gw-2'])])
  await net.alive('gw-1', 'gw-2', 'red', 'blue')
  // As flannel's host-gw: the pods of the other by its overlay address.
  await Promise.all([
    net.host('red').output(`ip route add ${podsOf('blue')} via ${net.address('blue')} dev span0`),
    net.host('blue').output(`ip route add ${podsOf('red')} via ${net.address('red')} dev span0`),
  ])
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const podsOf = (name: string) => `10.42.${net.ordinal(name)}.0/24`
const podOf = (name: string) => pod(net.ordinal(name))

test('members reach each other, their pods and both gateways by addresses of both families, and all of it is told', async () => {
  const red = net.host('red')
  for (const to of ['blue', 'gw-1', 'gw-2']) {
    expect(await ping(red, net.address(to), { count: 3 })).toMatchObject({ lost: 0 })
    expect(await ping(red, v6(net.ordinal(to)), { count: 3 })).toMatchObject({ lost: 0 })
  }
  expect(await ping(red, podOf('blue'), { count: 3, from: podOf('red') })).toMatchObject({ lost: 0 })
  // One hop to the gateway in the other slot.
  expect(await red.output(`ip route get ${net.address('gw-2')}`)).toContain('dev span0b')
  await until(
    'red to tell of its ways',
    30_000,
    () => {
      net.server.release()
      return /^peer span0b \S+ alive \d+ \d+ [\d.]+ \d+ \d+ \d+ \S+:51820 \d+ \d+$/m.test(net.block('red', 'ways'))
    },
    500,
  )
  // Before it has the interface: a server plans none for whom it knows no key and port of.
  expect(parseDirect(net.block('red', 'direct'))).toMatchObject({
    publicKey: expect.any(String),
    port: expect.any(Number),
  })
  expect(parseWays(net.block('red', 'ways'))?.peers).toHaveLength(1)
  await until(
    'the MTU outside of the tunnels',
    20_000,
    () => {
      net.server.release()
      return /^mtu span0 \S+ 1500$/m.test(net.block('red', 'direct'))
    },
    500,
  )
})

test('interfaces, rules and routes go with a bundle that does not have them, and come back with one that does', async () => {
  const made = () => net.host('red').output('ip -o link; ip rule; ip route show table all proto 78')
  net.server.pathsText = null
  net.server.publish()
  await until('all of it to go', 20_000, async () => !/span0b|77\d\d:|table 77/.test(await made()))
  expect(await ping(net.host('red'), net.address('blue'))).toMatchObject({ lost: 0 })
  net.server.pathsText = pathsText
  net.server.publish()
  await net.alive('gw-1', 'gw-2', 'red', 'blue')
})

test('with its link to one gateway cut and the server dead, a member is carried by the other, and comes back without losing a packet', async () => {
  await net.server.close()
  const red = net.host('red')
  const blue = net.host('blue')
  await using stream = await TcpStream.open(red, blue, podOf('blue'))
  await using back = await TcpStream.open(blue, red, net.address('red'), { port: 5202 })
  await stream.moved(200_000)
  await red.cutUdp({ to: net.host('gw-1') })
  expect(await net.goes('red', 'default', 'span0b', 20_000)).toBeGreaterThan(3_000)
  await net.goes('gw-1', 'red', 'span0g2', 20_000)
  await stream.moved(200_000)
  await back.moved(200_000)
  expect(await red.output('ip route show table 7700')).toContain(`${podsOf('blue')} dev span0b`)
  expect(await ping(red, net.address('blue'))).toMatchObject({ lost: 0 })

  const healed = performance.now()
  await red.healUdp()
  const moving = await pingWhile(red, net.address('blue'), async () => {
    await net.goes('red', 'default', 'span0', 60_000)
    await net.goes('gw-1', 'red', 'span0', 60_000)
    await stream.moved(100_000)
  })
  expect(performance.now() - healed).toBeGreaterThan(29_000)
  expect(moving).toMatchObject({ lost: 0 })
  expect((await stream.close()).ended).toBe('closed')
  expect((await back.close()).ended).toBe('closed')
})

test('a gateway loses its power: its members are carried by the other within 20 s; it comes back from its disk', async () => {
  await using stream = await TcpStream.open(net.host('red'), net.host('blue'), podOf('blue'))
  await stream.moved(200_000)
  await net.host('gw-1').powerOff()
  await Promise.all([net.goes('red', 'default', 'span0b', 20_000), net.goes('blue', 'default', 'span0b', 20_000)])
  await stream.moved(400_000)
  await net.host('gw-1').powerOn()
  await net.goes('red', 'default', 'span0', 70_000)
  await net.goes('blue', 'default', 'span0', 70_000)
  await stream.moved(400_000)
  expect((await stream.close()).ended).toBe('closed')
  const rules = await net.host('gw-1').output('ip rule; ip -6 rule')
  for (const rule of [
    /7690:\tfrom all fwmark 0x3700 lookup main/g,
    /7695:\tfrom all iif span0g2 lookup 7702/g,
    /7700:\tfrom all lookup 7700/g,
  ])
    expect(rules.match(rule)).toHaveLength(2)
})

test('rules and routes that somebody removes come back', async () => {
  const gateway = net.host('gw-2')
  const standing = async () =>
    (
      await gateway.exec(
        'ip rule; ip -6 rule; ip route show table 7701; ip -6 route show table 7701; ip addr show span0g1 | grep inet.*global',
      )
    ).stdout
  const before = await standing()
  expect(before.match(/unreachable default/g)).toHaveLength(2)
  await gateway.output(`ip rule del pref 7690; ip -6 rule del pref 7695; ip rule del pref 7700; ip addr flush dev span0g1
    ip route flush table 7701; ip -6 route flush table 7701`)
  expect(await standing()).not.toBe(before)
  await until('it to stand as before', 15_000, async () => (await standing()) === before)
})

test('what is for a member that is gone is refused at once, and crosses from gateway to gateway once', async () => {
  await net.host('blue').powerOff()
  // Each of the two thinks that the other may have it.
  await net.goes('gw-1', 'blue', 'span0g2', 20_000)
  await net.goes('gw-2', 'blue', 'span0g1', 20_000)
  const between = async () => (await net.host('gw-1').counters('span0g2')).txPackets
  const before = await between()
  const { text, received } = await ping(net.host('red'), net.address('blue'), { count: 20, intervalSeconds: 0.1 })
  expect(received).toBe(0)
  expect(text).toContain('Destination Host Unreachable')
  expect((await between()) - before).toBeLessThan(30)
})

test('it leaves nothing behind', async () => {
  await net.machines.get('red')?.spanwire('leave')
  const left = await net
    .host('red')
    .output(
      'ip rule; ip -6 rule; ip route show table all proto 78; ip -6 route show table all proto 78; ip -o link; ls /etc /var/lib /run',
    )
  expect(left).not.toMatch(/77\d\d:|span/)
  expect(net.host('red').processes(/paths|wireguard/)).toEqual([])
})
