import { setTimeout as sleep } from 'node:timers/promises'
import { REPORT_FRESH_MS } from '@spanwire/mesh/health/reporting-status'
import { EVIDENCE_FRESH_MS } from '@spanwire/mesh/health/tunnel-status'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { run } from '../run.ts'
import { type NodeAnswer, World } from './world.ts'

/**
 * Each green sign is made false behind the server's back, and stops being green within the seconds that the page states:
 * the age of its evidence, and one round of asking.
 */
describe.sequential('a green sign that stops being true stops being green', () => {
  let world: World
  let gateway: Host
  let home: Host
  let id: string
  let gatewayId: string
  const ASKING_MS = 5_000

  beforeAll(async () => {
    world = await World.create()
    gateway = await world.lab.publicHost('gw-1')
    home = await (await world.lab.home('home-a')).host('home-1')
    gatewayId = (await world.join(gateway, 'gw-1', { role: 'gateway', endpoint: `${gateway.address}:51820` })).id
    id = (await world.join(home, 'home-1')).id
    await allGood()
  }, 180_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  test('tunnels: UDP of the home is cut', async () => {
    const router = world.lab.host('home-1')
    await router.cutUdp()
    await world.untilNode(id, (node) => node.facts.tunnels.status !== 'good', EVIDENCE_FRESH_MS + ASKING_MS)
    const { facts } = await world.node(id)
    expect(facts.reporting.status, 'the server is still reached, by TCP').toBe('good')
    await router.healUdp()
    await allGood()
  })

  test('reporting: the script is stopped, as by an out-of-memory killer; the tunnel, which lives, stays green', async () => {
    home.pause(/spanwire/)
    await world.untilNode(id, (node) => node.facts.reporting.status !== 'good', REPORT_FRESH_MS + ASKING_MS)
    const { facts } = await world.node(id)
    expect(facts.tunnels.status, 'the gateway still hears it').toBe('good')
    home.resume(/spanwire/)
    await allGood()
  })

  test('tunnels: the WireGuard process of the home is stopped', async () => {
    home.pause('wireguard-go')
    await world.untilNode(id, (node) => node.facts.tunnels.status !== 'good', EVIDENCE_FRESH_MS + ASKING_MS)
    home.resume('wireguard-go')
    await allGood()
  })

  test('both: the home loses its power', async () => {
    await home.powerOff()
    const dark = (node: NodeAnswer) => node.facts.reporting.status !== 'good' && node.facts.tunnels.status !== 'good'
    await world.untilNode(id, dark, Math.max(REPORT_FRESH_MS, EVIDENCE_FRESH_MS) + ASKING_MS)
    await home.powerOn()
    await allGood()
  })

  test('a clock that is stepped by an hour is said, and turns no living tunnel red', async () => {
    await home.stepClock(3600)
    const skewed = (node: NodeAnswer) => node.problems?.some(({ text }) => /clock/i.test(text)) ?? false
    const node = await world.untilNode(id, skewed, 60_000)
    expect(node.facts.tunnels.status).toBe('good')
    await home.stepClock(-3600)
    await sleep(25_000)
    expect((await world.node(id)).facts.tunnels.status).toBe('good')
    await home.stepClock(0)
    await world.untilNode(id, (answer) => !skewed(answer), 60_000)
  })

  test('the server moves to another address: the nodes follow, and do without the old one', async () => {
    const [device] = (await run(['ip', '-o', 'link'])).stdout.match(/lab-[0-9a-z]+/) ?? []
    // Taking the first address would take the second with it.
    await run(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/all/promote_secondaries'])
    await run(['ip', 'addr', 'add', '203.0.113.11/24', 'dev', device!])
    await world.server.moveTo('https://203.0.113.11:3000')
    for (const host of [gateway, home])
      await expect
        .poll(() => host.readFile('/etc/spanwire/server'), { timeout: 60_000 })
        .toContain('https://203.0.113.11:3000')
    await run(['ip', 'addr', 'del', '203.0.113.10/24', 'dev', device!])
    const removed = Date.now()
    for (const node of [id, gatewayId])
      await world.untilNode(node, ({ facts }) => Date.parse(facts.reporting.at ?? '') > removed, 90_000)
  })

  async function allGood(): Promise<void> {
    for (const node of [id, gatewayId])
      await world.untilNode(
        node,
        ({ facts }) => facts.reporting.status === 'good' && facts.tunnels.status === 'good',
        90_000,
      )
  }
})
