import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { World } from './world.ts'

type Trial = {
  id: string
  number: number
  state: string
  reason: string
  nodes: { name: string; ok: boolean; text: string }[]
}
type Policy = { number: number | null; trial: Trial | null }
type Activity = {
  drops: { node: string; from: string; port: number; text: string; suggestion: string }[]
  hits: { packets: number }[]
}

/** A policy on real machines with the real server: tried, confirmed, judged packet by packet, counted, and taken back without anybody. */
describe.sequential('a policy on real machines', () => {
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
    for (const port of [8080, 8081]) home.spawn(`exec ${process.execPath} -e '${SERVE}' ${port}`)
  }, 240_000)
  afterAll(async () => await world?.[Symbol.asyncDispose]())

  test('is tried, confirmed by itself once all are well, and lets in what it says and nothing else', async () => {
    for (const port of [8080, 8081])
      await expect.poll(() => reaches(other, port), { timeout: 20_000, interval: 500 }).toBe(true)
    await world.operator.ask('POST', path(), { text: only('node:vps-1', 8080) })
    const { number, trial } = await until(({ trial }) => trial?.state !== 'running', 75_000)
    expect([number, trial?.state, trial?.reason]).toEqual([1, 'confirmed', 'All 3 machines are well under it.'])
    expect(await reaches(other, 8080)).toBe(true)
    expect(await reaches(other, 8081)).toBe(false)
    expect(await reaches(gateway, 8080)).toBe(false)
    await healthy()
  })

  test('is counted where it happens, with the rule that would let it in', async () => {
    const activity = await world.operator.until<Activity>(
      `${path()}/activity`,
      ({ drops, hits }) => drops.some(({ port }) => port === 8081) && (hits[0]?.packets ?? 0) > 0,
      60_000,
    )
    const drop = activity.drops.find(({ from, port }) => from === 'vps-1' && port === 8081)
    expect(drop?.text).toMatch(/^home-1 dropped [0-9]+ from vps-1 to [0-9.]+:8081 in the last hour; no rule allows it$/)
    expect(drop?.suggestion).toContain('"src": ["node:vps-1"], "dst": ["node:home-1:8081"]')
  })

  test('with the server killed between begin and end, all machines go back by themselves and the server says so', async () => {
    await world.operator.ask('POST', path(), { text: '{ "acls": [] }' })
    await until(({ trial }) => trial?.nodes.every(({ text }) => /^runs them|^well/.test(text)) ?? false, 40_000)
    expect(await reaches(other, 8080)).toBe(false)
    await world.server.kill()
    const began = Date.now()
    await expect.poll(() => reaches(other, 8080), { timeout: 90_000, interval: 1_000 }).toBe(true)
    expect(Date.now() - began).toBeLessThan(85_000)
    await sleep(5_000)
    await world.server.start()
    const { number, trial } = await until(({ trial }) => trial?.state === 'returned', 30_000)
    expect([number, trial?.reason]).toEqual([
      1,
      'The server was away when the time was over, so every machine went back by itself.',
    ])
    expect([await reaches(other, 8080), await reaches(other, 8081)]).toEqual([true, false])
    await healthy()
  })

  const path = () => `/networks/${world.network}/policy`
  const until = (is: (policy: Policy) => boolean, timeoutMs: number) =>
    world.operator.until<Policy>(path(), is, timeoutMs)

  async function reaches(from: Host, port: number): Promise<boolean> {
    const address = (await home.output('ip -4 -o addr show dev span0')).match(/inet ([0-9.]+)/)?.[1]
    return (await from.exec(`curl -s -m 2 http://${address}:${port}/`)).stdout === 'hello'
  }

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
})

const only = (from: string, port: number) =>
  JSON.stringify({ acls: [{ action: 'accept', proto: 'tcp', src: [from], dst: [`node:home-1:${port}`] }] })

const SERVE = 'require("http").createServer((_, answer) => answer.end("hello")).listen(process.argv[1], "::")'
