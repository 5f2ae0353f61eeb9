import { afterAll, beforeAll, expect, test } from 'vitest'
import { AccessLab, greet, hearsFrom, ports, rulesOf } from './access-lab.ts'
import { hostRules } from './host-rules.ts'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

/**
 * Our rules beside those that a machine brings along, loaded before ours, while a policy is on trial, or after: what we deny stays denied,
 * though the host's own rules would let it in; what we allow passes, though they would not; a machine that joins later comes through;
 * and they stay as they are but for our marked accepts.
 */
let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const ALLOWED = 7001
/** Open in the rules of each host here, as ssh is. */
const DENIED = 22

const table = Object.entries(hostRules).flatMap(([name, rules]) =>
  (['before', 'during', 'after'] as const).map((order) => ({ name, order, ...rules })),
)

test.concurrent.each(table)(
  '$name, loaded $order',
  { timeout: 300_000 },
  async ({ name, order, load, list, onlySsh }) => {
    const world = await AccessLab.on(lab)
    const host = `${name.slice(0, 9)}-${order}`
    const gateway = await lab.machine(host, world.server)
    const loadNow = async () => {
      await load(gateway)
      // Looked at once a minute: here at once, since an address of ours is missing.
      await gateway.host.output('ip addr del 10.77.0.1/16 dev span0')
    }
    if (order === 'before') await load(gateway)
    await gateway.join('gateway', '--fix')
    await until('its part for access to report', 30_000, () => world.said(host)?.number === 1)
    const id = world.begin(ports(ALLOWED), 300)
    await world.says(host, 'on', id)
    const ours = await rulesOf(gateway)
    if (order === 'during') await loadNow()
    await using _greeter = await greet(gateway, [ALLOWED, DENIED])
    await expectReach(await world.member(`one-${host}`), gateway)
    world.confirm()
    await until('the rules to hold', 30_000, () => world.said(host)?.number === 2)
    if (order === 'after') await loadNow()
    const newcomer = await world.member(`two-${host}`)
    await expectReach(newcomer, gateway)
    // From outside of the tunnel all is as the host wants it.
    const outside = (port: number) => hearsFrom(newcomer, gateway.host.address, port)
    await until('what the host lets in itself', 45_000, () => outside(DENIED), 500)
    if (onlySsh) expect(await outside(ALLOWED)).toBe(false)
    else await until('what the host does not refuse', 45_000, () => outside(ALLOWED), 500)
    expect(await rulesOf(gateway)).toBe(ours)

    const withoutCounts = (text: string) => text.replace(/^#.*\n|\[\d+:\d+\]/gm, '')
    const stands = withoutCounts(await gateway.host.output(list))
    const accepts = stands.split('\n').filter((line) => line.includes('spanwire'))
    for (const line of accepts)
      expect(line).toMatch(
        / -i span0\+ .*-j ACCEPT$|udp .*--dport 51820 .*-j ACCEPT$|iifname "span0\*" accept|udp dport 51820 accept/,
      )
    const without = stands.split('\n').filter((line) => !line.includes('spanwire'))
    const fresh = await lab.machine(`as-${host}`, world.server)
    await load(fresh)
    expect(without).toEqual(withoutCounts(await fresh.host.output(list)).split('\n'))
  },
)

async function expectReach(from: Machine, gateway: Machine): Promise<void> {
  for (const address of ['10.77.0.1', 'fd12:3456:789a::1']) {
    await until(`what we allow to pass to ${address}`, 45_000, () => hearsFrom(from, address, ALLOWED), 500)
    expect(await hearsFrom(from, address, DENIED), gateway.host.name).toBe(false)
  }
}
