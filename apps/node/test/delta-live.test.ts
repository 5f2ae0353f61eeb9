import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const KEYS = [
  'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=',
  'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
  'TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=',
] as const

test.concurrent.each(['dash', 'busybox ash'] as const)(
  'in %s a node takes what changed, sets the peers that changed and no others, and asks for the whole when it does not fit',
  async (shell) => {
    const { machine, add } = await joined(shell.replace(' ', '-'), shell)
    const { server } = machine
    add(0)
    add(1)
    await machine.synced(90_000)
    await changesOf(machine)
    server.told.length = 0
    const before = await machine.host.output('wg show span0 listen-port')

    add(2)
    await machine.synced(90_000)
    expect(server.told).toEqual(['delta'])
    expect(await peersOf(machine)).toEqual([...KEYS].sort())
    expect(await changesOf(machine)).toEqual(['wg addconf span0'])

    server.remove('peer-0')
    await machine.synced(90_000)
    expect(server.told).toEqual(['delta', 'delta'])
    expect(await peersOf(machine)).toEqual([KEYS[1], KEYS[2]].sort())
    expect(await changesOf(machine)).toEqual([`wg set span0 peer ${KEYS[0]} remove`])
    expect(await machine.host.output('wg show span0 listen-port')).toBe(before)

    // What is on the disk is not what the server thinks: the sums say so, and it asks once for all.
    await machine.host.output('echo x >>/var/lib/spanwire/confirmed/sysctls')
    server.remove('peer-1')
    await machine.synced(90_000)
    expect(server.told).toEqual(['delta', 'delta', 'delta', 'whole'])
    expect(await peersOf(machine)).toEqual([KEYS[2]])
    server.remove('peer-2')
    await machine.synced(90_000)
    expect(server.told.slice(4)).toEqual(['delta'])
    expect(await changesOf(machine)).toEqual([1, 2].map((i) => `wg set span0 peer ${KEYS[i]} remove`))
    expect(await peersOf(machine)).toEqual([''])
  },
)

test.concurrent('mending sets no peer while all stand, and only the one that somebody changed', async () => {
  const { machine, add } = await joined('mended', 'dash')
  add(0)
  add(1)
  await machine.synced(90_000)
  await changesOf(machine)
  // A mend that was under way may have passed what is broken: the route goes again until all is as it should be.
  const breakAndMend = async (what: string, isBack: () => Promise<boolean>) => {
    await machine.host.output(what)
    await until(`mended: ${what}`, 120_000, async () => {
      await machine.host.exec('ip route del fd12:3456:789a:ff00::/64')
      await until('the route back', 90_000, async () =>
        (await machine.host.output('ip -6 route')).includes('fd12:3456:789a:ff00::/64'),
      )
      return isBack()
    })
  }
  const shown = async (view: string) => (await machine.host.output(`/usr/bin/wg show span0 ${view}`)).trim()
  let rounds = 0
  await breakAndMend(':', async () => ++rounds === 2)
  expect(await changesOf(machine)).toEqual([])
  await breakAndMend(`/usr/bin/wg set span0 peer ${KEYS[0]} allowed-ips 10.9.9.9/32`, async () => {
    return !(await shown('allowed-ips')).includes('10.9.9.9')
  })
  expect(await changesOf(machine)).toEqual(['wg addconf span0'])
  expect(await shown('allowed-ips')).toMatch(/10\.77\.0\.2\/32/)
  // Another port or mark is a matter of the whole interface.
  await breakAndMend('/usr/bin/wg set span0 fwmark 0', async () => (await shown('fwmark')) === '0x3700')
  expect(await changesOf(machine)).toEqual(['wg syncconf span0'])
})

async function joined(name: string, shell: 'dash' | 'busybox ash') {
  const server = await lab.server()
  server.deltas = true
  const machine = await lab.machine(name, server, { shell })
  // Before it begins: a shell remembers where it found a program.
  await watchWg(machine)
  await machine.join()
  await until('a report of the part', 30_000, () => server.last(name)?.deltas === true)
  const add = (i: number) => {
    Object.assign(server.invite(`peer-${i}`, 'member'), { publicKey: KEYS[i], state: 'active', credentialHash: '-' })
    server.publish()
  }
  return { machine, add }
}

/** Writes down each call of wg. */
const watchWg = ({ host }: Machine) =>
  host.output(`printf '#!/usr/bin/dash\\necho "wg $*" >>/dev/shm/wg\\nexec /usr/bin/wg "$@"\\n' >/usr/local/bin/wg
    chmod 755 /usr/local/bin/wg; : >/dev/shm/wg`)

/** The calls since the last look that change something, without the files that they read. */
async function changesOf({ host }: Machine): Promise<string[]> {
  const calls = await host.output('cat /dev/shm/wg; : >/dev/shm/wg')
  return calls
    .split('\n')
    .filter((call) => /^wg (set|addconf|syncconf|setconf) /.test(call))
    .map((call) => call.replace(/ \S*tmp\.\S*/, ''))
}

async function peersOf({ host }: Machine): Promise<string[]> {
  return (await host.output('/usr/bin/wg show span0 peers')).trim().split('\n').sort()
}
