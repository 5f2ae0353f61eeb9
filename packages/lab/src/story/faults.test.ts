import { cpSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { ping, pingWhile } from '../ping.ts'
import { type NodeAnswer, World } from './world.ts'

/** Faults that need real machines: copied disks, and a database that comes back from an old backup. */
describe.sequential('faults on real machines', () => {
  let world: World
  let gateway: Host
  let home: Host
  let other: Host
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    world = await World.create()
    gateway = await world.lab.publicHost('gw-1')
    home = await (await world.lab.home('home-a')).host('home-1')
    other = await world.lab.publicHost('vps-1')
    ids['gw-1'] = (await world.join(gateway, 'gw-1', { role: 'gateway', endpoint: `${gateway.address}:51820` })).id
    ids['home-1'] = (await world.join(home, 'home-1')).id
    ids['vps-1'] = (await world.join(other, 'vps-1')).id
    await healthy()
  }, 180_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  test('a disk that was copied to another machine is refused there by the script itself, and says why', async () => {
    const before = await peerKeys(gateway)
    const clone = await world.lab.clone(other, 'vps-copy')
    const { code, stdout, stderr } = await clone.exec('spanwire up', { timeoutMs: 20_000 })
    expect(code).not.toBe(0)
    expect(stdout + stderr).toMatch(/another machine/)
    expect((await clone.exec('wg show span0 peers')).stdout).toBe('')
    expect(await peerKeys(gateway)).toBe(before)
    await clone.powerOff()
  })

  test('a perfect copy, board and all, is flagged, and the original keeps its tunnel', async () => {
    const lost = await pingWhile(home, await addressOf('vps-1'), async () => {
      const twin = await world.lab.clone(other, 'vps-twin', { boardId: other.boardId })
      await world.untilNode(ids['vps-1']!, tellsOfTwo, 90_000)
      await twin.powerOff()
    })
    expect(lost.received).toBeGreaterThan(0)
    await world.operator.ask('POST', `/nodes/${ids['vps-1']}/release`)
    await healthy()
    // Both spoke with one WireGuard key, and the gateway answers whoever spoke last: the original is heard again at its
    // next keepalive.
    const address = await addressOf('vps-1')
    await expect.poll(async () => (await ping(home, address, { count: 3 })).lost, { timeout: 40_000 }).toBe(0)
  })

  test('a database from a backup 50 revisions old: the nodes end with the restored state, no tunnel is torn down', async () => {
    const { server, operator, network } = world
    const handshakes = await gateway.output('wg show span0 peers | sort')
    const lost = await pingWhile(home, await addressOf('vps-1'), async () => {
      await server.stop()
      cpSync(world.data, `${world.data}-backup`, { recursive: true, preserveTimestamps: true })
      await server.start()
      const before = await operator.ask<{ revision: number }>('GET', `/networks/${network}`)
      for (let change = 0; change < 50; change += 1)
        await operator.ask('PATCH', `/nodes/${ids['home-1']}`, { name: `home-1-${change}` })
      const after = await operator.ask<{ revision: number }>('GET', `/networks/${network}`)
      // It has the last name, and so is ahead of the backup: "current" it may seem until its next word.
      await world.untilNode(ids['home-1']!, ({ revision }) => (revision.applied ?? 0) >= after.revision, 60_000)
      expect(after.revision - before.revision).toBeGreaterThanOrEqual(50)
      await server.stop()
      rmSync(world.data, { recursive: true })
      cpSync(`${world.data}-backup`, world.data, { recursive: true, preserveTimestamps: true })
      rmSync(`${world.data}-backup`, { recursive: true })
      await server.start()
      // Machines that met a closed door twice come back after a minute at most.
      await operator.until<{ restoredAt: string | null }>(
        `/networks/${network}`,
        (answer) => answer.restoredAt !== null,
        120_000,
      )
      await healthy()
    })
    expect(lost.lost).toBe(0)
    expect(await gateway.output('wg show span0 peers | sort')).toBe(handshakes)
    expect((await world.node(ids['home-1']!)).name).toBe('home-1')
    for (const host of [gateway, home, other])
      expect(await host.readFile('/var/lib/spanwire/confirmed/meta')).not.toContain('home-1-49')
  })

  async function healthy(): Promise<void> {
    for (const id of Object.values(ids))
      await world.untilNode(
        id,
        ({ facts, revision, state }) =>
          state === 'active' &&
          revision.current &&
          facts.reporting.status === 'good' &&
          facts.tunnels.status === 'good',
        90_000,
      )
  }

  async function addressOf(name: string): Promise<string> {
    return (await world.node(ids[name]!)).address4!
  }
})

function tellsOfTwo(node: NodeAnswer): boolean {
  return node.problems?.some(({ text }) => /two machines|copy|copied/i.test(text)) ?? false
}

function peerKeys(host: Host): Promise<string> {
  return host.output('wg show span0 peers | sort')
}
