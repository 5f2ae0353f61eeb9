import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PathAnswer, PathsWorld } from './paths-world.ts'

/** Machines behind home routers in a mesh, with the real server. The first two homes have the same LAN range; all hosts have a strict rp_filter. */
describe.sequential('a mesh of machines behind NATs', () => {
  let net: PathsWorld

  beforeAll(async () => {
    net = await PathsWorld.create()
    const { lab } = net.world
    await Promise.all([net.gateway('gw-1'), net.gateway('gw-2', { address: '198.51.100.21' })])
    const [one, two, hard, harder] = await Promise.all([
      lab.home('one'),
      lab.home('two'),
      lab.home('hard', { lan: '192.168.9.0/24', nat: 'random' }),
      lab.home('harder', { lan: '192.168.10.0/24', nat: 'random' }),
    ])
    await Promise.all([
      net.member('red', one),
      net.member('rose', one),
      net.member('blue', two),
      net.member('grey', hard),
      net.member('slate', harder),
    ])
    await net.topology('mesh')
    await net.settled()
  })
  afterAll(async () => await net?.[Symbol.asyncDispose]())

  test('two behind routers that keep ports become direct while they talk, and lose nothing on the way to it', async () => {
    const { missing, pings, stream } = await net.underTraffic('red', 'blue', async () => {
      expect(await net.way('red', 'blue')).toMatch(/^(default)?$/)
      await Promise.all([net.goes('red', 'blue', 'span0d', 120_000), net.goes('blue', 'red', 'span0d', 120_000)])
      const path = await net.untilExplained('red', 'blue', isUp('direct'), 40_000)
      expect(path).toMatchObject({ status: 'up', there: { kind: 'direct' }, back: { kind: 'direct' } })
      expect(path.text).toMatch(/^directly, blue at 203\.0\.113\.\d+:\d+$/)
      expect(path.history[0]?.text).toContain('directly')
      expect(await net.cell('red', 'blue')).toMatchObject({ kind: 'direct', status: 'up' })
    })
    expect({ missing, of: pings.sent > 100, ended: stream.ended }).toEqual({ missing: [], of: true, ended: 'closed' })
    expect(stream.longestGapMs).toBeLessThan(1_500)
    expect(await net.host('red').output(`ip route get ${net.address('blue')}`)).toContain('dev span0d')
  })

  test.each([
    ['red', 'grey', /^through gw-[12].*: both ends are behind NATs, and grey's gives a new port for each destination$/],
    ['grey', 'slate', /^through gw-[12].*: both ends are behind NATs that give a new port for each destination$/],
  ])(
    '%s and %s, where a router gives a new port for each destination, stay carried, and it is said why',
    async (from, to, why) => {
      const { missing, stream } = await net.underTraffic(from, to, async (talk) => {
        const path = await net.untilExplained(from, to, (each) => isUp('relayed')(each) && why.test(each.text), 60_000)
        expect(path.kind).toBe('relayed')
        expect(await net.cell(from, to)).toMatchObject({ kind: 'relayed', status: 'up' })
        await talk.moved(2_000_000, 30_000)
        expect(await net.way(from, to)).toMatch(/^(default)?$/)
        expect(await net.way(to, from)).toMatch(/^(default)?$/)
      })
      expect({ missing, ended: stream.ended }).toEqual({ missing: [], ended: 'closed' })
    },
  )

  test('two in one LAN reach each other inside of it', async () => {
    const { missing, stream } = await net.underTraffic('red', 'rose', async () => {
      await Promise.all([net.goes('red', 'rose', 'span0d', 120_000), net.goes('rose', 'red', 'span0d', 120_000)])
      const path = await net.untilExplained('red', 'rose', isUp('lan'), 40_000)
      expect(path).toMatchObject({ status: 'up', text: 'directly, inside of their LAN' })
    })
    expect({ missing, ended: stream.ended }).toEqual({ missing: [], ended: 'closed' })
    for (const [one, other] of [
      ['red', 'rose'],
      ['rose', 'red'],
    ] as const)
      expect(await net.host(one).output('wg show span0d endpoints')).toContain(`\t${net.host(other).address}:`)
  })
})

const isUp =
  (kind: string) =>
  (path: PathAnswer): boolean =>
    path.kind === kind && path.status === 'up'
