import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from './home.ts'
import type { Host } from './host.ts'
import { Lab } from './lab.ts'
import { ping } from './ping.ts'
import { TcpStream } from './tcp-stream.ts'
import { REFLECTOR_PORT, udpProbe } from './udp-probe.ts'

let lab: Lab
let gateway: Host
let keeping: Home
let random: Home
let desk: Host
let shelf: Host

beforeAll(async () => {
  lab = await Lab.create()
  gateway = await lab.publicHost('gw-1')
  keeping = await lab.home('home-1')
  random = await lab.home('home-2', { nat: 'random' })
  desk = await keeping.host('desk')
  shelf = await random.host('shelf')
})
afterAll(() => lab?.[Symbol.asyncDispose]())

describe('the Internet', () => {
  test('reaches from a home to public machines of both ranges, and not into another home', async () => {
    const far = await lab.publicHost('far', { address: '198.51.100.7' })
    expect(await ping(desk, gateway.address)).toMatchObject({ lost: 0 })
    expect(await ping(desk, far.address)).toMatchObject({ lost: 0 })
    expect(await ping(gateway, desk.publicAddress, { count: 2 })).toMatchObject({ received: 0 })
  })

  test('two homes have the same LAN, addresses and all', () => {
    expect(desk.address).toBe(shelf.address)
    expect(desk.publicAddress).not.toBe(shelf.publicAddress)
  })

  test('this process is a machine on it, and serves those behind a NAT under their public address', async () => {
    await using server = createServer((asking, answer) => answer.end(asking.socket.remoteAddress))
    await new Promise<void>((resolve) => server.listen(8080, '203.0.113.10', resolve))
    const asked = await desk.output('curl -fsS http://203.0.113.10:8080/')
    expect(asked).toBe(keeping.publicAddress)
  })

  test('a cut from one machine leaves the others alone', async () => {
    await desk.cut({ to: gateway })
    expect(await ping(desk, gateway.address, { count: 2 })).toMatchObject({ received: 0 })
    expect(await ping(desk, '203.0.113.10', { count: 2 })).toMatchObject({ lost: 0 })
    expect(await ping(shelf, gateway.address, { count: 2 })).toMatchObject({ lost: 0 })
    await desk.heal()
    expect(await ping(desk, gateway.address, { count: 2 })).toMatchObject({ lost: 0 })
  })

  test('a home whose line is cut still has its LAN, and so has one machine cut from the Internet', async () => {
    const printer = await keeping.host('printer')
    await keeping.cut()
    expect(await ping(desk, gateway.address, { count: 2 })).toMatchObject({ received: 0 })
    expect(await ping(desk, printer.address, { count: 2 })).toMatchObject({ lost: 0 })
    await keeping.heal()
    expect(await ping(desk, gateway.address, { count: 2 })).toMatchObject({ lost: 0 })
    await desk.cutInternet()
    expect(await ping(desk, gateway.address, { count: 2 })).toMatchObject({ received: 0 })
    expect(await ping(desk, printer.address, { count: 2 })).toMatchObject({ lost: 0 })
    expect(await ping(printer, gateway.address, { count: 2 })).toMatchObject({ lost: 0 })
    await desk.heal()
    expect(await ping(desk, gateway.address, { count: 2 })).toMatchObject({ lost: 0 })
  })
})

describe('a NAT', () => {
  test('port-keeping shows one public port to everybody', async () => {
    const other = await lab.publicHost('other-1')
    const seen = await udpProbe.seenFrom(desk, 40_000, [gateway, other])
    expect(seen).toEqual([`${keeping.publicAddress}:40000`, `${keeping.publicAddress}:40000`])
  })

  test('random shows another port to each', async () => {
    const other = await lab.publicHost('other-2')
    const [first, second] = await udpProbe.seenFrom(shelf, 40_000, [gateway, other])
    expect(first).toMatch(`${random.publicAddress}:`)
    expect(second).toMatch(`${random.publicAddress}:`)
    expect(second).not.toBe(first)
  })

  test('drops what nobody inside asked for, without a word, and remembers nothing of it', async () => {
    const other = await lab.publicHost('other-3')
    await using hearing = udpProbe.listen(desk, 40_100)
    await hearing.waitFor(/bound/)
    await udpProbe.send(desk, 40_100, gateway.address, 40_100, 'open')
    // The gateway was spoken to from this port: its answer comes in. The other one was not.
    await udpProbe.send(other, REFLECTOR_PORT, keeping.publicAddress, 40_100, 'unsolicited')
    await udpProbe.send(gateway, 40_100, keeping.publicAddress, 40_100, 'answer')
    await hearing.waitFor(/answer/)
    expect(hearing.stdout).not.toContain('unsolicited')
    // Had the router noted the other's packet, one to where it came from could not keep its port.
    expect(await udpProbe.seenFrom(desk, 40_100, [other], hearing)).toEqual([`${keeping.publicAddress}:40100`])
  })

  test('a forwarded port lets in whoever knocks', async () => {
    await keeping.forwardPort('udp', 40_200, desk)
    await using hearing = udpProbe.listen(desk, 40_200)
    await hearing.waitFor(/bound/)
    await udpProbe.send(gateway, 40_200, keeping.publicAddress, 40_200, 'knock')
    await hearing.waitFor(/knock/)
  })

  test('a provider can change the address of a home', async () => {
    const home = await lab.home('moving')
    const inside = await home.host('inside')
    const before = home.publicAddress
    await home.changeAddress('203.0.113.199')
    expect(await udpProbe.seenFrom(inside, 40_300, [gateway])).toEqual(['203.0.113.199:40300'])
    expect(inside.publicAddress).not.toBe(before)
  })

  test('a way can be made a long one, and ends with its home', async () => {
    const home = await lab.home('far-away')
    const inside = await home.host('far-inside')
    const took = async (port: number) => {
      const begun = performance.now()
      await udpProbe.seenFrom(inside, port, [gateway])
      return performance.now() - begun
    }
    expect(await took(40_310)).toBeLessThan(1500)
    await home.delayUdp(gateway.address, REFLECTOR_PORT, 3000)
    expect(await took(40_311)).toBeGreaterThan(1500)
  })
})

describe('a TCP stream', () => {
  test('tells what passed and how long nothing did', async () => {
    await using stream = await TcpStream.open(desk, gateway, gateway.address, { gapMs: 700 })
    await stream.moved(50_000)
    expect(stream.report().gaps).toEqual([])
    await desk.cut({ to: gateway })
    await new Promise((resolve) => setTimeout(resolve, 1200))
    await desk.heal()
    await stream.moved(50_000)
    const last = await stream.close()
    expect(last.ended).toBe('closed')
    expect(last.gaps.length).toBeGreaterThan(0)
    expect(last.longestGapMs).toBeGreaterThan(1000)
  })
})
