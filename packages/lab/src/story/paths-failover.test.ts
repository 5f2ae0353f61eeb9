import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../home.ts'
import { PacketCount } from '../packet-count.ts'
import { longestSilenceMs, ping } from '../ping.ts'
import { PathsWorld, type Traffic } from './paths-world.ts'

/**
 * Three gateways, each the first of one site, and a member in each. Links, gateways and the server fail one after the other; how long
 * nothing arrived is measured at the machines that talk.
 */
describe.sequential('three gateways that stand in for each other', () => {
  let net: PathsWorld
  let one: Home
  let two: Home

  beforeAll(async () => {
    net = await PathsWorld.create()
    await Promise.all([net.gateway('gw-1'), net.gateway('gw-2'), net.gateway('gw-3', { address: '198.51.100.21' })])
    ;[one, two] = await Promise.all([net.world.lab.home('one'), net.world.lab.home('two')])
    const first = await net.site('first', ['gw-1', 'gw-2'])
    const second = await net.site('second', ['gw-2', 'gw-3'])
    const third = await net.site('third', ['gw-3', 'gw-1'])
    await Promise.all([
      net.member('red', one, { siteId: first }),
      net.member('blue', two, { siteId: second }),
      net.member('white', undefined, { siteId: third }),
    ])
    await net.settled()
    // Each is moved to the gateways of its site, step by step.
    await net.untilExplained('red', 'blue', (path) => through(path).join() === 'gw-1,gw-2', 120_000)
    await net.untilExplained('white', 'red', (path) => through(path).join() === 'gw-3,gw-1', 120_000)
    await net.settled()
  })
  afterAll(async () => await net?.[Symbol.asyncDispose]())

  test("only one member's link to its gateway is cut: it reaches all others within 30 s, and returns without a loss", async () => {
    const others = ['blue', 'white', 'gw-1', 'gw-2', 'gw-3']
    const traffic = await net.underTraffic('red', 'blue', async (stream) => {
      const cutAt = performance.now()
      await one.cutUdp({ to: net.host('gw-1') })
      await Promise.all(others.map((name) => answers(name, 30_000)))
      expect(performance.now() - cutAt).toBeLessThan(30_000)
      await stream.moved(200_000, 30_000)
      await net.untilExplained('red', 'blue', (each) => through(each)[0] === 'gw-2' && each.status === 'up', 40_000)
      await net.untilExplained('red', 'gw-1', ({ there }) => there.hops[0]?.toName === 'gw-2', 40_000)
    })
    within(traffic, 30_000)
    const back = await net.underTraffic('red', 'blue', async () => {
      await one.healUdp()
      await goesBack('red', 'gw-1')
    })
    unharmed(back)
  })

  test('packets that only arrive in one direction: both ends say so, and the member is carried by its other gateway', async () => {
    const traffic = await net.underTraffic('red', 'blue', async () => {
      await one.router.nft(oneWay(net.host('gw-1').address))
      const { oneWay: told } = await net.untilExplained('red', 'gw-1', (path) => path.oneWay.length > 0, 60_000)
      expect(told[0]).toMatchObject({ fromName: 'gw-1', toName: 'red' })
      expect(told[0]?.text).toMatch(/^packets go from gw-1 to red but not back/)
      await net.goes('red', 'default', await slotOf('red', 'gw-2'), 60_000)
      // Both have given it up by then, and still only one of them hears nothing.
      type Topology = { edges: { a: string; b: string; status: string }[] }
      const ends = ['red', 'gw-1'].map((name) => net.id(name))
      const isIt = ({ a, b, status }: Topology['edges'][number]) =>
        ends.includes(a) && ends.includes(b) && status === 'one-way'
      await net.world.operator.until<Topology>(
        `/networks/${net.world.network}/topology`,
        ({ edges }) => edges.some(isIt),
        60_000,
      )
    })
    // Given up 27 s after the last answer; TCP sends again at its own growing pauses.
    within(traffic, 55_000)
    await one.router.nft('delete table ip one_way\n')
    await goesBack('red', 'gw-1')
  })

  test('a gateway loses its power while the server is dead: carried by the other within 30 s; back when it is well, without a loss', async () => {
    await net.world.server.kill()
    const traffic = await net.underTraffic('red', 'white', async () => {
      await net.host('gw-1').powerOff()
      await net.goes('red', 'default', await slotOf('red', 'gw-2'), 30_000)
      await answers('white', 30_000)
    })
    within(traffic, 30_000)
    const back = await net.underTraffic('red', 'white', async () => {
      await net.host('gw-1').powerOn()
      await goesBack('red', 'gw-1', 90_000)
    })
    unharmed(back)
  })

  test('a direct path is cut while the server is dead: carried within 20 s', async () => {
    await net.world.server.start()
    await net.topology('mesh')
    const traffic = await net.underTraffic('red', 'blue', async (stream) => {
      await Promise.all([net.goes('red', 'blue', 'span0d', 120_000), net.goes('blue', 'red', 'span0d', 120_000)])
      await net.untilExplained('red', 'blue', ({ kind }) => kind === 'direct', 30_000)
      expect(longestGap(stream.report())).toBeLessThan(3_000)
      await net.world.server.kill()
      await one.cutUdp({ to: two })
      await Promise.all([net.goes('red', 'blue', 'default', 20_000), net.goes('blue', 'red', 'default', 20_000)])
    })
    within(traffic, 20_000)
  })

  test('what is for a machine that is gone is refused at once, and goes in no circle', async () => {
    const address = net.address('blue')
    await net.host('blue').powerOff()
    const counts = await Promise.all(
      ['gw-1', 'gw-2', 'gw-3'].map((name) =>
        PacketCount.start(net.host(name), { crossing: `iifname "span0g*" ip daddr ${address}` }),
      ),
    )
    const crossed = async () =>
      (await Promise.all(counts.map((each) => each.read()))).reduce((n, c) => n + (c.crossing ?? 0), 0)
    const refused = async () => (await ping(net.host('red'), address, { count: 1 })).text.includes('Unreachable')
    await net.until('blue to be given up by its gateways', 60_000, refused)
    const before = await crossed()
    const unharmedBeside = await net.underTraffic('red', 'white', async () => {
      const { text, received } = await ping(net.host('red'), address, { count: 20, intervalSeconds: 0.1 })
      // A kernel says it once a second to one that goes on asking.
      expect({ received, refused: text.includes('Destination Host Unreachable') }).toEqual({
        received: 0,
        refused: true,
      })
    })
    // From red's gateway to one of blue's, and from there to its other one.
    expect((await crossed()) - before).toBeLessThanOrEqual(2 * 20)
    unharmed(unharmedBeside)
    const begun = performance.now()
    const call = await net.host('red').exec([process.execPath, '-e', CALL, address])
    expect(call.stdout.trim()).toBe('EHOSTUNREACH')
    expect(performance.now() - begun).toBeLessThan(5_000)
  })

  async function answers(name: string, timeoutMs: number): Promise<void> {
    await net.until(`red to reach ${name}`, timeoutMs, async () => {
      return (await ping(net.host('red'), net.address(name), { count: 1 })).received === 1
    })
  }

  /** The interface of a member to this gateway. */
  async function slotOf(name: string, gateway: string): Promise<string> {
    const { address } = net.host(gateway)
    const { stdout } = await net.host(name).exec('wg show all endpoints')
    const line = stdout.split('\n').find((each) => !/^span0d/.test(each) && each.includes(`\t${address}:`))
    return line?.split('\t')[0] ?? `nothing to ${gateway}`
  }

  async function goesBack(name: string, gateway: string, timeoutMs = 60_000): Promise<void> {
    await net.goes(name, 'default', await slotOf(name, gateway), timeoutMs)
  }
})

const through = ({ there }: { there: { hops: { toName: string }[] } }): string[] =>
  there.hops.slice(0, -1).map(({ toName }) => toName)

const longestGap = ({ longestGapMs }: { longestGapMs: number }): number => longestGapMs

/** It was away for no longer than that, and really away: a cut that cuts nothing proves nothing. */
function within({ pings, missing, stream }: Traffic, mostMs: number): void {
  const silence = longestSilenceMs(pings)
  expect(silence, pings.text).toBeGreaterThan(2_000)
  expect(silence).toBeLessThanOrEqual(mostMs)
  expect(missing.length).toBeGreaterThan(40)
  expect(stream.ended).toBe('closed')
}

function unharmed({ missing, stream }: Traffic): void {
  expect({ missing, ended: stream.ended }).toEqual({ missing: [], ended: 'closed' })
}

/** What this router lets out no more, though it lets it in. */
const oneWay = (to: string): string => `table ip one_way {
  chain out {
    type filter hook forward priority 10; policy accept;
    oifname "wan0" ip daddr ${to} udp dport 51820 drop
  }
}
`

const CALL = `require('node:net').connect(80, process.argv[1]).on('error', ({ code }) => console.log(code))`
