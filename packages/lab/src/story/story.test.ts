import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { ping, pingWhile } from '../ping.ts'
import { TcpStream } from '../tcp-stream.ts'
import { World } from './world.ts'

/**
 * The story of the product on real machines: a public gateway, two homes whose LANs have the same addresses, a host with
 * CentOS-like REJECT rules; the lines run unchanged. Each test goes on from where the one before stopped.
 */
describe.sequential('one gateway and machines behind NATs', () => {
  let world: World
  let gateway: Host
  let home1: Host
  let home2: Host
  let centos: Host
  const ids: Record<string, string> = {}
  const addresses: Record<string, string> = {}

  beforeAll(async () => {
    world = await World.create()
    gateway = await world.lab.publicHost('gw-1')
    home1 = await (await world.lab.home('home-a', { lan: '192.168.1.0/24' })).host('home-1')
    home2 = await (await world.lab.home('home-b', { lan: '192.168.1.0/24', nat: 'random' })).host('home-2')
    centos = await world.lab.publicHost('centos-1', { firewall: 'centos-reject' })
  }, 120_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  test('the gateway joins by its line', async () => {
    const joined = await world.join(gateway, 'gw-1', { role: 'gateway', endpoint: `${gateway.address}:51820` })
    remember('gw-1', joined.node)
    await world.untilNode(joined.id, (node) => node.state === 'active', 10_000)
  })

  test.each(['home-1', 'home-2'])(
    '%s joins from behind its NAT, and each step was seen by the other end',
    async (name) => {
      const joined = await world.join(world.lab.host(name), name)
      remember(name, joined.node)
      const ledger = await world.untilLedger(joined.id, (answer) => answer.done, 20_000)
      expect(ledger.steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
        'preflight green',
        'keys green',
        'enrolled green',
        'interface green',
        'handshake green',
        'reachable green',
      ])
      expect(ledger.summary).toMatch(/\d ms/)
    },
  )

  test('a host that would reject the overlay names its rule, and joins with --fix', async () => {
    const refused = await world.operator.invite(world.network, { name: 'centos-1' })
    const pasted = await centos.exec(refused.line, { timeoutMs: 60_000 })
    expect(pasted.code).not.toBe(0)
    expect(pasted.stdout + pasted.stderr).toMatch(/REJECT/)
    const ledger = await world.untilLedger(refused.id, (answer) => answer.steps[0]?.state === 'failed', 5_000)
    expect(ledger.steps[0]?.fix).toMatch(/--fix/)
    const again = await centos.exec(`${refused.line} --fix`, { timeoutMs: 90_000 })
    expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 })
    remember('centos-1', await world.node(refused.id))
    expect((await ping(home1, addresses['centos-1']!, { count: 3 })).lost).toBe(0)
  })

  test('the homes reach each other: ping, and a long TCP stream whose traffic the server shows as a rate', async () => {
    expect((await ping(home1, addresses['home-2']!, { count: 5 })).lost).toBe(0)
    await using stream = disposable(await TcpStream.open(home1, home2, addresses['home-2']!))
    await stream.moved(200_000)
    await world.untilNode(ids['home-2']!, (node) => (node.rxRate ?? 0) > 50_000, 45_000)
    expect(stream.report().ended).toBe('')
  })

  test('the topology shows a measured tunnel for each member', async () => {
    type Topology = { edges: { a: string; b: string; status: string; rttMs: number | null }[] }
    const { edges } = await world.operator.until<Topology>(
      `/networks/${world.network}/topology`,
      (answer) => answer.edges.length === 3 && answer.edges.every((edge) => edge.status === 'up'),
      30_000,
    )
    for (const edge of edges) expect([edge.a, edge.b]).toContain(ids['gw-1'])
  })

  test('the server killed: no packet is lost, and a member that reboots meanwhile comes up from its disk', async () => {
    const result = await pingWhile(home2, addresses['centos-1']!, async () => {
      await world.server.kill()
      await home1.reboot()
      await untilPing(home1, addresses['home-2']!, 45_000)
    })
    expect(result.lost).toBe(0)
    await world.server.start()
    await world.untilNode(ids['home-1']!, (node) => node.facts.reporting.status === 'good', 90_000)
  })

  test('a removed node is dropped by the others within a second, and its machine cleans up', async () => {
    const before = await gateway.output('wg show span0 peers')
    await world.operator.ask('DELETE', `/nodes/${ids['centos-1']}`)
    const began = Date.now()
    await until(async () => (await gateway.output('wg show span0 peers')) !== before, 5_000)
    expect(Date.now() - began).toBeLessThan(1_000)
    await until(async () => (await centos.exec('ip link show span0')).code !== 0, 30_000)
    await until(async () => (await centos.exec('ls /etc/spanwire')).code !== 0, 15_000)
    expect(await centos.output('iptables -S')).not.toContain('spanwire')
  })

  function remember(name: string, node: { id: string; address4: string | null }) {
    ids[name] = node.id
    addresses[name] = node.address4 ?? ''
  }
})

async function untilPing(from: Host, address: string, timeoutMs: number): Promise<void> {
  await until(async () => (await ping(from, address, { count: 1 })).lost === 0, timeoutMs)
}

async function until(is: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error(`it did not come to it within ${timeoutMs} ms: ${is}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function disposable(stream: TcpStream): TcpStream & AsyncDisposable {
  return Object.assign(stream, { [Symbol.asyncDispose]: async () => void (await stream.close()) })
}
