import { afterAll, beforeAll, expect, test } from 'vitest'
import { AccessLab, greet, hearsFrom, ports, rulesOf } from './access-lab.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

/** What rules let in and what none did, from real packets through a real tunnel to what the server reads. */
let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const ALLOWED = 7001
const DENIED = 7002

// Counters are looked at every 20 s, several times here.
test('hits by rule and drops by pair come to the server, and go on when the machine mends itself', {
  timeout: 240_000,
}, async () => {
  const world = await AccessLab.on(lab)
  const gateway = await world.gateway('counts')
  const member = await world.member('asks')
  world.begin(ports(ALLOWED), 300)
  world.confirm()
  await until('the rules to hold', 30_000, () => world.said('counts')?.number === 2)
  await using _greeter = await greet(gateway, [ALLOWED, DENIED])
  const hears = (port: number) => hearsFrom(member, '10.77.0.1', port)
  await until('an answer', 20_000, () => hears(ALLOWED))
  expect(await hears(DENIED)).toBe(false)
  const said = () => world.said('counts')
  const drops = () => said()?.drops.filter(({ port }) => port === DENIED) ?? []
  await world.counted('both', () => (said()?.rules.get(1) ?? 0) > 2 && drops().length > 0)
  expect(drops()).toEqual([
    { source: '10.77.0.2', destination: '10.77.0.1', protocol: 6, port: DENIED, packets: expect.any(Number) },
  ])
  expect(said()?.drops.some(({ port }) => port === ALLOWED)).toBe(false)

  const { rules = new Map() } = said() ?? {}
  const [hits = 0, dropped = 0] = [rules.get(1), drops()[0]?.packets]
  const stood = await gateway.host.readFile('/run/spanwire/loaded')
  await gateway.host.output('ip addr del 10.77.0.1/16 dev span0')
  await until('the address back', 20_000, async () =>
    (await gateway.host.output('ip -o addr show dev span0')).includes('10.77.0.1/'),
  )
  expect(await gateway.host.readFile('/run/spanwire/loaded')).toBe(stood)
  await until('an answer again', 20_000, () => hears(ALLOWED))
  await world.counted('more hits', () => (said()?.rules.get(1) ?? 0) > hits)
  expect(drops()[0]?.packets).toBeGreaterThanOrEqual(dropped)
  expect(await rulesOf(gateway)).toContain('rule_1')
})

test('of a thousand pairs the 64 busiest are told, and telling them takes no time', async () => {
  const world = await AccessLab.on(lab)
  const gateway = await world.gateway('scanned')
  world.begin(ports(ALLOWED), 300)
  world.confirm()
  await until('the rules to hold', 30_000, () => world.said('scanned')?.number === 2)
  const elements = Array.from({ length: 1000 }, (_, i) => {
    const pair = `10.77.${i >> 8}.${i & 255} . 10.77.0.1 . ${i % 2 ? 'tcp' : 'udp'} . ${i + 1}`
    return `${pair} counter packets ${i + 1} bytes 60`
  })
  await gateway.host.output(['nft', '-f', '-'], {
    stdin: `add element inet spanwire dropped_v4 { ${elements.join(', ')} }
add element inet spanwire dropped_other_v6 { fd12:3456:789a::9 . fd12:3456:789a::1 . 58 counter packets 5000 bytes 60 }`,
  })
  await world.counted('them all', () => world.said('scanned')?.drops.length === 64)
  const drops = world.said('scanned')?.drops ?? []
  expect(drops[0]).toEqual({
    ...{ source: 'fd12:3456:789a::9', destination: 'fd12:3456:789a::1', protocol: 58, port: null, packets: 5000 },
  })
  expect(drops[1]).toEqual({
    ...{ source: '10.77.3.231', destination: '10.77.0.1', protocol: 6, port: 1000, packets: 1000 },
  })
  expect(drops.at(-1)?.packets).toBe(938)
  const took = await gateway.host.output(
    `for round in 1 2 3; do for name in v4 v6 other_v4 other_v6; do nft -n list set inet spanwire dropped_$name; done >/dev/null; done; times`,
  )
  // The last line of `times` is the children's: minutes and seconds of the processor.
  const [user = 0, system = 0] = [...(took.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  expect(user + system).toBeLessThan(1)
})
