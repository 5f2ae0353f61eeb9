import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeServer, sha256 } from './fake-server.ts'
import { hurryClock } from './hurry-clock.ts'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { scriptWith } from './script-file.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test.concurrent('a newer script is taken into the other slot, and the tunnels do not notice', async () => {
  const { server, machine } = await joined('newer')
  const tunnels = await machine.host.output('wg show span0 public-key; ip -o link show span0; pidof wireguard-go')
  for (const version of ['0.2.0', '0.3.0']) {
    const before = await slots(machine)
    const sha = offer(server, scriptWith(`VERSION=${version}`))
    await until(`${version} in sync`, 45_000, () => server.last('newer')?.script.sha256 === sha)
    await machine.synced()
    const after = await slots(machine)
    expect(after.current).not.toBe(before.current)
    expect(after.sha256).toBe(sha)
    expect(await machine.host.output('wg show span0 public-key; ip -o link show span0; pidof wireguard-go')).toBe(
      tunnels,
    )
  }
})

const promised = scriptWith('VERSION=0.2.0')
const same = (text: string) => text

test.concurrent.each([
  {
    it: 'whose checksum is another',
    name: 'tampered',
    text: promised,
    given: (text: string) => scriptWith('VERSION=0.6.6', text),
  },
  { it: 'that is a page of a proxy', name: 'page', text: promised, given: () => '<html>\n' },
  { it: 'that breaks off', name: 'short', text: promised, given: (text: string) => text.slice(0, -300) },
  { it: 'that no shell can read', name: 'unreadable', text: scriptWith('if then'), given: same },
  { it: 'that lacks its last line', name: 'endless', text: promised.slice(0, -10), given: same },
])('a script $it is not taken', async ({ name, text, given }) => {
  const { server, machine } = await joined(name)
  const before = await machine.standing()
  const old = server.last(name)?.script.sha256
  const answer = { status: 200, headers: { 'Spanwire-Protocol': '1' }, body: given(server.fill(text)) }
  server.bend = ({ path }) => (path === '/node/v1/script' ? answer : undefined)
  offer(server, text)
  await until('it looked at the script', 45_000, () => server.requests.some(({ path }) => path === '/node/v1/script'))
  const reports = server.reports.length
  server.release()
  await until('it went on', 45_000, () => server.reports.length > reports)
  await machine.synced()
  expect(server.last(name)?.script.sha256).toBe(old)
  expect(withoutBundle(await machine.standing())).toBe(withoutBundle(before))
})

test.concurrent.each([
  { it: 'ends at once', name: 'ends', lines: 'exit 3' },
  { it: 'runs but never asks the server', name: 'mute', lines: 'sync_loop() { while :; do sleep 1; done; }' },
])('a new script that $it gives way to the one before, and is not tried again', async ({ name, lines }) => {
  const { server, machine } = await joined(name)
  const before = await slots(machine)
  const tunnels = await machine.host.output('wg show span0 public-key; ip -o addr show span0')
  using _clock = await hurryClock(machine, 12)
  const bad = offer(server, scriptWith(lines))
  await until('it was tried', 45_000, async () => (await slots(machine)).sha256 === bad, 200)
  await until('the old one was back', 60_000, async () => (await slots(machine)).sha256 === before.sha256, 500)
  const heard = server.reports.length
  await until('it in sync', 60_000, () => server.reports.length > heard + 1)
  expect(server.last(name)?.script.sha256).toBe(before.sha256)
  expect((await slots(machine)).sha256).toBe(before.sha256)
  expect(await machine.log()).toMatch(/the one before returns/)
  expect(await machine.host.output('wg show span0 public-key; ip -o addr show span0')).toBe(tunnels)
  // A mended one is taken.
  const mended = offer(server, scriptWith('VERSION=0.4.0'))
  await until('the mended one in sync', 60_000, () => server.last(name)?.script.sha256 === mended)
})

async function joined(name: string): Promise<{ server: FakeServer; machine: Machine }> {
  const server = await lab.server()
  const machine = await lab.machine(name, server)
  await machine.join()
  return { server, machine }
}

/** The server has a newer script from now on; its checksum. */
function offer(server: FakeServer, text: string): string {
  server.scriptText = server.fill(text)
  server.publish()
  return sha256(server.scriptText)
}

async function slots(machine: Machine): Promise<{ current: string; sha256: string }> {
  const read = 'readlink /var/lib/spanwire/script/current; sha256sum < /var/lib/spanwire/script/current'
  const [current = '', sum = ''] = (await machine.host.output(read)).split('\n')
  return { current, sha256: sum.slice(0, 64) }
}

/** But for the confirmed bundle, which names the script that was offered. */
function withoutBundle(standing: string): string {
  return standing.replace(/^.* \/var\/lib\/spanwire\/confirmed.*\n/gm, '')
}
