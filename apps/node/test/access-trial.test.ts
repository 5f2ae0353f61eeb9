import { afterAll, beforeAll, expect, test } from 'vitest'
import { AccessLab, ports, rulesOf } from './access-lab.ts'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

/** Versions of a policy tried by the real script, on machines that lose their server, their power or their processes meanwhile. */
let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

/** Our table with everything dropped that leaves the machine: neither server nor gateway can be reached. */
const CUT = { chains: '  chain cut {\n    type filter hook output priority filter; policy drop;\n  }\n' }
/** Between two looks of the part at what is so. */
const SOON_MS = 8_000

test.concurrent('a version on trial stands at once, through new bundles, mends and a lost table, and then it is confirmed', async () => {
  const { world, machine, before } = await joined('confirmed')
  const id = world.begin(ports(22), 300)
  await world.says('confirmed', 'on', id)
  const tried = await rulesOf(machine)
  expect(tried).not.toBe(before)
  expect(tried).toContain('rule_1')
  // Another machine joins, and the same trial has other elements in its sets: it goes on with those.
  Object.assign(world.server.invite('peer', 'member'), { publicKey: PEER, state: 'active', credentialHash: '-' })
  world.begin(ports(22, 4321), 300, id)
  await machine.synced()
  await until('the new rules on trial', SOON_MS, async () => (await sets(machine)).includes(' . 4321'))
  expect(await rulesOf(machine)).toBe(tried)
  // What the core mends, it mends around the trial, also while the part is held up.
  machine.host.pause(/access\.sh run/)
  await machine.host.output('ip addr del 10.77.0.1/16 dev span0')
  await until('the address back', 20_000, async () =>
    (await machine.host.output('ip -o addr show dev span0')).includes('10.77.0.1/'),
  )
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  expect(await rulesOf(machine)).toBe(tried)
  machine.host.resume(/access\.sh run/)
  await machine.host.output('nft delete table inet spanwire')
  await until('the table back', SOON_MS, async () => (await rulesOf(machine).catch(() => '')) === tried)

  world.confirm()
  await machine.synced()
  await until('it to hold', 20_000, () => world.said('confirmed')?.number === 2 && !world.said('confirmed')?.trial)
  expect(await rulesOf(machine)).toBe(tried)
  expect(await machine.host.readFile('/var/lib/spanwire/policy/ended')).toBe(`${id} confirmed\n`)
  await until('no guard', SOON_MS, () => machine.host.processes(/access\.sh guard/).length === 0)
  // Who deletes it later has it back too.
  await machine.host.output('nft delete table inet spanwire; ip addr del 10.77.0.1/16 dev span0')
  await until('the table back', 20_000, async () => (await rulesOf(machine).catch(() => '')) === tried)
})

test.concurrent('with its server dead it returns when the time is over, whatever the clock on the wall says, and is not tried again', async () => {
  const { world, machine, before } = await joined('alone')
  const id = world.begin(ports(22), 20)
  await world.says('alone', 'on', id)
  const began = performance.now()
  await world.server.close()
  await machine.host.stepClock(3600)
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  expect(await rulesOf(machine)).not.toBe(before)
  await machine.host.stepClock(-3600)
  await until('it as it was', 30_000, async () => (await rulesOf(machine)) === before, 200)
  const lastedMs = performance.now() - began
  expect(lastedMs).toBeGreaterThan(14_000)
  expect(lastedMs).toBeLessThan(26_000)
  await new Promise((resolve) => setTimeout(resolve, SOON_MS))
  expect(await rulesOf(machine)).toBe(before)
  expect(await machine.log()).toMatch(/version 2 is returned: nobody confirmed it within 20 s/)
})

test.concurrent('rules that cut the machine off from everybody, itself included, are gone when the time is over', async () => {
  const { world, machine, before } = await joined('cut')
  const id = world.begin(CUT, 20)
  await until('it cut off', 20_000, async () => (await rulesOf(machine)).includes('chain cut'))
  const began = performance.now()
  await until('it as it was', 30_000, async () => (await rulesOf(machine)) === before, 200)
  expect(performance.now() - began).toBeGreaterThan(14_000)
  await world.says('cut', 'returned', id, 60_000)
  expect(world.why('cut')).toBe('nobody confirmed it within 20 s')
})

test.concurrent('it returns when the server takes it back, and one that was ended is not begun again', async () => {
  const { world, machine, before } = await joined('taken')
  const id = world.begin(ports(22), 300)
  await world.says('taken', 'on', id)
  world.takeBack()
  await world.says('taken', 'returned', id)
  expect(await rulesOf(machine)).toBe(before)
  expect(world.why('taken')).toBe('the server took it back')
  world.begin(ports(22), 300, id)
  await machine.synced()
  await new Promise((resolve) => setTimeout(resolve, SOON_MS))
  expect(await rulesOf(machine)).toBe(before)
  expect(world.said('taken')?.trial).toMatchObject({ id, state: 'returned' })
  const another = world.begin(ports(22), 300)
  await world.says('taken', 'on', another)
  // Straight from one to the next.
  const third = world.begin(ports(80), 300)
  await world.says('taken', 'on', third)
  expect(
    (await machine.host.readFile('/var/lib/spanwire/policy/ended')).split('\n').map((line) => line.slice(0, 36)),
  ).toEqual([id, another, third, ''])
})

test.concurrent('a machine that loses its power during a trial boots with what is confirmed, and says so', async () => {
  const { world, machine, before } = await joined('power', 'systemd')
  const id = world.begin(ports(22), 300)
  await world.says('power', 'on', id)
  await machine.host.reboot()
  await until('it as it was', 30_000, async () => (await rulesOf(machine).catch(() => '')) === before)
  await world.says('power', 'returned', id, 60_000)
  expect(world.why('power')).toMatch(/lost its power/)
  expect(await rulesOf(machine)).toBe(before)
})

test.concurrent.each([
  { it: 'the part', name: 'one', kill: [/access\.sh run/] },
  { it: 'the part and its guard', name: 'two', kill: [/access\.sh run/, /access\.sh guard/] },
])('$it killed during a trial: it returns', async ({ name, kill }) => {
  const { world, machine, before } = await joined(name)
  const id = world.begin(ports(22), 300)
  await world.says(name, 'on', id)
  for (const which of kill) machine.host.signal(which, 'SIGKILL')
  await until('it as it was', SOON_MS, async () => (await rulesOf(machine)) === before, 200)
  await world.says(name, 'returned', id, 30_000)
  expect(world.why(name)).toBe('the script was killed during the trial')
})

test.concurrent('the whole script killed during a trial: the guard takes it back', async () => {
  const { world, machine, before } = await joined('all')
  const id = world.begin(ports(22), 300)
  await world.says('all', 'on', id)
  for (const { pid } of machine.host.processes(/current run$|access\.sh run/)) process.kill(pid, 'SIGKILL')
  await until('it as it was', SOON_MS, async () => (await rulesOf(machine)) === before, 200)
  expect(machine.host.processes(/access\.sh run/)).toEqual([])
})

test.concurrent('rules that nft refuses are never loaded, and the node says what nft said', async () => {
  const { world, machine, before } = await joined('broken')
  const id = world.begin({ chains: '  chain judge {\n    ip saddr @nobody drop\n  }\n' }, 300)
  await world.says('broken', 'returned', id)
  expect(world.why('broken')).toMatch(/^nft -c -f \S+ failed: .*nobody/)
  expect(await rulesOf(machine)).toBe(before)
  const counted = (await machine.log()).match(/on trial/g)
  expect(counted).toBe(null)
})

test.concurrent('parts come and go one by one', async () => {
  const { world, machine } = await joined('parts')
  const parts = async () => (await machine.host.output('cd /var/lib/spanwire/script; ls *.sh')).trim().split('\n')
  const running = (part: string) => machine.host.processes(new RegExp(`${part}\\.sh run`)).length > 0
  world.server.extras = () => ({ files: [], requests: [] })
  world.server.publish()
  await until('both', 30_000, async () => (await parts()).length === 2 && running('k3s') && running('access'))
  await until('both to report', 60_000, () => !!world.server.last('parts')?.k3s && !!world.said('parts'))
  world.server.extras = undefined
  world.server.publish()
  await until('one', 30_000, () => !running('k3s'))
  expect(await parts()).toEqual(['access.sh'])
  // A part that ends takes its words back last.
  await until('one to speak', 10_000, async () => (await machine.host.output('ls /run/spanwire/part')) === 'policy\n')
  world.server.access = undefined
  world.server.publish()
  await until('none', 30_000, () => !running('access'))
  expect(
    (await machine.host.exec('ls /var/lib/spanwire/script/*.sh /run/spanwire/part /var/lib/spanwire/policy')).stdout,
  ).toBe('')
  expect(await rulesOf(machine)).not.toContain('judge')
})

test.concurrent('nothing of a trial is left when the machine leaves', async () => {
  const { world, machine } = await joined('leaves')
  const id = world.begin(ports(22), 300)
  await world.says('leaves', 'on', id)
  expect(await machine.spanwire('leave')).toMatchObject({ code: 0 })
  await until('no process of ours', SOON_MS, () => machine.host.processes(/access\.sh|current run/).length === 0)
  expect(await machine.host.output('nft list ruleset; ls -d /var/lib/spanwire /run/spanwire 2>/dev/null || true')).toBe(
    '',
  )
})

test.concurrent('without nft: a plain refusal before anything is changed, and a note when it goes later', async () => {
  const world = await AccessLab.on(lab)
  const bare = await lab.machine('bare', world.server)
  await bare.host.output(`mount --bind /dev/null ${NFT}`)
  const pasted = await bare.paste(world.server.invite('bare', 'gateway', `${bare.host.address}:51820`))
  expect(pasted.code).not.toBe(0)
  expect(pasted.stderr).toMatch(
    /missing-tool: missing packages: nftables\n {2}fix: install them, or add --install-packages/,
  )
  expect(world.server.steps.at(-1)).toMatchObject({ step: 'preflight', state: 'failed', code: 'missing-tool' })
  await bare.host.output(`umount ${NFT}`)

  const { machine, before } = await joined('later')
  await machine.host.output(`mount --bind /dev/null ${NFT}`)
  const notes = () => machine.server.last('later')?.notes.map(({ code }) => code) ?? []
  await until('a note', 60_000, () => notes().includes('no-nft'))
  await machine.host.output(`umount ${NFT}`)
  machine.server.release()
  await until('no note', 60_000, () => !notes().includes('no-nft'))
  expect(await rulesOf(machine)).toBe(before)
})

const NFT = '/usr/sbin/nft'
const PEER = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='

/** A machine under a policy that allows everything. */
async function joined(name: string, init: 'systemd' | 'none' = 'none') {
  const world = await AccessLab.on(lab)
  const machine: Machine = await world.gateway(name, { init })
  const before = await rulesOf(machine)
  expect(before).toContain('chain judge')
  return { world, machine, before }
}

const sets = (machine: Machine) => machine.host.output('nft list table inet spanwire')
