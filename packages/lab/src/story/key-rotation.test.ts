import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { ping, pingWhile } from '../ping.ts'
import { World } from './world.ts'

type Keys = {
  publicKey: string
  rotatedAt: string | null
  peers: number
  rotation: { state: string; isRunning: boolean; text: string; peers: { name: string; state: string }[] } | null
}

/** Of pings at 20 a second: a handshake and the look that follows it, on a machine that has much to do. */
const ONE_HANDSHAKE = 30

/** Keys of real machines rotated by the real server, under pings: of a member first, then of the gateway that carries all. */
describe.sequential('the keys of a node', () => {
  let world: World
  let gateway: Host
  let home: Host
  let other: Host
  const ids: Record<string, string> = {}
  const addresses: Record<string, string> = {}

  beforeAll(async () => {
    world = await World.create()
    gateway = await world.lab.publicHost('gw-1')
    home = await (await world.lab.home('home-a')).host('home-1')
    other = await world.lab.publicHost('vps-1')
    for (const [host, wish] of [
      [gateway, { role: 'gateway', endpoint: `${gateway.address}:51820` }],
      [home, {}],
      [other, {}],
    ] as const) {
      const { id, node } = await world.join(host, host.name, wish)
      ids[host.name] = id
      addresses[host.name] = node.address4 ?? ''
    }
  }, 300_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  const until = (name: string, is: (keys: Keys) => boolean, timeoutMs: number) =>
    world.operator.until<Keys>(`/nodes/${ids[name]}/keys`, is, timeoutMs)
  const own = async (host: Host) => (await host.output('wg show span0 public-key')).trim()
  const inSync = async () => {
    for (const id of Object.values(ids)) await world.untilNode(id, ({ revision }) => revision.current, 60_000)
  }

  async function rotate(name: string): Promise<Keys> {
    await world.operator.ask('POST', `/nodes/${ids[name]}/keys/rotate`)
    const after = await until(name, ({ rotation }) => rotation?.isRunning === false, 120_000)
    await inSync()
    return after
  }

  test('of a member are taken on demand: the others lose nothing, its own tunnel no more than a handshake', async () => {
    await expect
      .poll(async () => (await ping(other, addresses['home-1'] ?? '')).received, { timeout: 60_000 })
      .toBeGreaterThan(0)
    const before = await own(home)
    let others = { lost: -1 }
    let after: Keys | undefined
    const mine = await pingWhile(other, addresses['home-1'] ?? '', async () => {
      others = await pingWhile(other, addresses['gw-1'] ?? '', async () => {
        after = await rotate('home-1')
      })
    })
    expect(after).toMatchObject({
      rotatedAt: expect.any(String),
      rotation: { state: 'done', text: 'The keys were rotated.' },
    })
    expect(after?.publicKey).not.toBe(before)
    expect(await own(home)).toBe(after?.publicKey)
    await expect
      .poll(() => gateway.output('wg show span0 peers'), { timeout: 60_000, interval: 500 })
      .not.toContain(before)
    expect(others).toMatchObject({ lost: 0 })
    expect(mine.lost).toBeLessThanOrEqual(ONE_HANDSHAKE)
  }, 240_000)

  test('of the gateway are taken too, which every member confirms first', async () => {
    const before = await own(gateway)
    let after: Keys | undefined
    const carried = await pingWhile(other, addresses['home-1'] ?? '', async () => {
      after = await rotate('gw-1')
    })
    expect(after).toMatchObject({ peers: 2, rotation: { state: 'done' } })
    expect([after?.publicKey, await own(gateway)]).not.toContain(before)
    const peersOf = async (member: Host) => (await member.output('wg show span0 peers')).trim()
    for (const member of [home, other])
      await expect.poll(() => peersOf(member), { timeout: 60_000, interval: 500 }).toBe(after?.publicKey)
    // Two tunnels take another handshake each.
    expect(carried.lost).toBeLessThanOrEqual(2 * ONE_HANDSHAKE)
  }, 240_000)

  test('wait for a machine that is away, say so, and are taken when it is back', async () => {
    await other.powerOff()
    await world.operator.ask('POST', `/nodes/${ids['gw-1']}/keys/rotate`)
    const waiting = await until('gw-1', ({ rotation }) => /nothing is heard/.test(rotation?.text ?? ''), 120_000)
    expect(waiting.rotation?.text).toBe(
      '1 of 2 peers have the next key. Waiting for vps-1, from which nothing is heard.',
    )
    expect(await ping(home, addresses['gw-1'] ?? '')).toMatchObject({ lost: 0 })
    await other.powerOn()
    await until('gw-1', ({ rotation }) => rotation?.state === 'done', 120_000)
    await inSync()
    expect((await ping(other, addresses['home-1'] ?? '')).received).toBeGreaterThan(0)
  }, 360_000)
})
