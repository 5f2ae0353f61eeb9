import { type Shell, shellNames } from '@spanwire/lab/shells'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FakeServer, refusal } from './fake-server.ts'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

describe.concurrent.each(shellNames)('in %s', (shell) => {
  test('a machine joins by its line, keeps its secrets to itself, and leaves without a trace', async () => {
    const server = await lab.server()
    const machine = await lab.machine(nameOf('gw', shell), server, { shell })
    const before = await everything(machine)
    const node = await machine.join()

    expect(server.steps.filter(({ state }) => state === 'done').map(({ step }) => step)).toEqual([
      'preflight',
      'keys',
      'enrolled',
      'interface',
    ])
    expect(server.last(node.name)).toMatchObject({ confirmed: { epoch: 1 }, trial: null })
    expect(await machine.host.output('wg show span0 public-key')).toBe(`${node.publicKey}\n`)
    const files = await machine.host.output(
      '/usr/bin/find /etc/spanwire /var/lib/spanwire /run/spanwire -printf "%y %m %u %p\\n"',
    )
    for (const line of files.trim().split('\n')) {
      if (line.startsWith('d')) expect(line).toMatch(/^d 700 root /)
      else expect(line).toMatch(/^(f (600 root |700 root \/var\/lib\/spanwire\/script\/)|l )/)
    }
    expect((await machine.spanwire('status')).stdout).toMatch(
      new RegExp(`${node.name} in home-lab, revision \\d+, running`),
    )

    expect(await machine.spanwire('leave')).toMatchObject({ code: 0, stderr: '' })
    expect(await everything(machine)).toBe(before)
    await until('no process left', 10_000, () => machine.host.processes(/spanwire|wireguard-go|curl/).length === 0)
  })

  test('an answer lost on its way to the machine is asked for again, and is the same node', async () => {
    const server = await lab.server()
    const machine = await lab.machine(nameOf('lost', shell), server, { shell })
    const node = server.invite(machine.host.name, 'gateway', `${machine.host.address}:51820`)
    server.alter = ({ path }, answer) => (path === '/node/v1/enrol' ? { ...answer, cut: 700 } : answer)
    const lost = await machine.paste(node)
    expect(lost.code).not.toBe(0)
    expect(lost.stderr).toMatch(/fix: .*paste the line again/)
    const { publicKey, credentialHash } = node

    server.alter = undefined
    expect(await machine.paste(node)).toMatchObject({ code: 0 })
    await machine.synced()
    expect(node).toMatchObject({ publicKey, credentialHash })
    expect(enrolments(server)).toHaveLength(2)
    expect(new Set(enrolments(server).map(({ body }) => /^public-key .*$/m.exec(body)?.[0])).size).toBe(1)
  })
})

test.concurrent('pasted again on a machine that has joined, the line enrols nobody and changes nothing', async () => {
  const server = await lab.server()
  const machine = await lab.machine('again', server)
  const node = await machine.join()
  const before = await machine.digest()
  const [loop] = machine.host.processes(/current run/)
  const again = await machine.paste(node)
  expect(again).toMatchObject({ code: 0, stderr: '' })
  expect(again.stdout).toMatch(/is again in home-lab/)
  expect(enrolments(server)).toHaveLength(1)
  expect(await machine.digest()).toBe(before)
  expect(machine.host.processes(/current run/).map(({ pid }) => pid)).toContain(loop?.pid)
})

test.concurrent('a used token on another machine is refused with the reason, and nothing comes up', async () => {
  const server = await lab.server()
  const owner = await lab.machine('owner', server)
  const thief = await lab.machine('thief', server)
  const node = await owner.join()
  const refused = await thief.paste(node)
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toMatch(/token-used: another machine used this token\n {2}fix: /)
  expect(await thief.host.output('ip -o link show type tun; wg show interfaces')).toBe('')
  expect(server.steps.at(-1)).toMatchObject({ step: 'enrolled', state: 'failed', code: 'token-used' })
})

test.concurrent('a join that stopped halfway goes on with the same keys', async () => {
  const server = await lab.server()
  const machine = await lab.machine('halfway', server)
  const node = server.invite('halfway', 'gateway', `${machine.host.address}:51820`)
  server.bend = ({ path }) =>
    path === '/node/v1/enrol' ? refusal(503, 'unavailable', 'the database is away') : undefined
  const stopped = await machine.paste(node)
  expect(stopped.stderr).toMatch(/unavailable: the database is away/)
  const key = await machine.host.readFile('/etc/spanwire/private.key')
  server.bend = undefined
  expect(await machine.paste(node)).toMatchObject({ code: 0 })
  expect(await machine.host.readFile('/etc/spanwire/private.key')).toBe(key)
})

test.concurrent('--check looks and changes nothing, whether it likes what it sees or not', async () => {
  const server = await lab.server()
  const good = await lab.machine('check', server)
  const bad = await lab.machine('check-bad', server, { firewall: 'centos-reject' })
  for (const machine of [good, bad]) {
    const before = await everything(machine)
    const disk = await machine.written()
    const checked = await machine.host.exec(`curl -fsS ${server.url}/join | sh -s -- --check`)
    if (machine === good) expect(checked).toMatchObject({ code: 0, stderr: '' })
    else expect(checked.stderr).toMatch(/host-firewall: .*REJECT --reject-with icmp-host-prohibited/)
    expect(await everything(machine)).toBe(before)
    expect(await machine.written()).toEqual(disk)
  }
  expect(server.steps).toEqual([])
  expect(enrolments(server)).toEqual([])
})

test.concurrent('of two at once the second is told who is at work, and the first is not disturbed', async () => {
  const server = await lab.server()
  const machine = await lab.machine('twice', server)
  const node = server.invite('twice', 'gateway', `${machine.host.address}:51820`)
  let go = () => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  let asked = () => {}
  const waiting = new Promise<void>((resolve) => {
    asked = resolve
  })
  server.bend = ({ path }) => {
    if (path !== '/node/v1/enrol') return undefined
    asked()
    return held.then(() => undefined)
  }
  const first = machine.paste(node)
  await waiting
  const second = await machine.paste(node).finally(go)
  expect(second.code).not.toBe(0)
  expect(second.stderr).toMatch(/locked: .*\b\d+\b.*\n {2}fix: /)
  expect(await first).toMatchObject({ code: 0 })
  expect(enrolments(server)).toHaveLength(1)
})

test.concurrent('a lock that a dead process left behind stops nobody', async () => {
  const server = await lab.server()
  const machine = await lab.machine('stale', server)
  await machine.host.output(
    'mkdir -p /run/spanwire && echo "1 1" > /run/spanwire/lock && echo "99999 5" > /run/spanwire/run',
  )
  await machine.join()
})

test.concurrent('leave takes the accept back that --fix put in front of a firewall which rejects the overlay', async () => {
  const server = await lab.server()
  const machine = await lab.machine('fix', server, { firewall: 'centos-reject' })
  const rules = await machine.host.output('iptables -S')
  const node = server.invite('fix', 'gateway', `${machine.host.address}:51820`)
  const refused = await machine.paste(node)
  expect(refused.stderr).toMatch(/host-firewall: .*-A INPUT -j REJECT --reject-with icmp-host-prohibited/)
  expect(refused.stderr).toMatch(/fix: .*--fix/)
  expect(await machine.host.output('iptables -S')).toBe(rules)

  expect(await machine.paste(node, '--fix')).toMatchObject({ code: 0 })
  const marked = (await machine.host.output('iptables -S')).split('\n').filter((rule) => rule.includes('spanwire'))
  expect(marked.length).toBeGreaterThan(0)
  for (const rule of marked)
    expect(rule).toMatch(/^-A (INPUT|FORWARD) (-i span\S*|-p udp .*--dport 51820) .*--comment spanwire.* -j ACCEPT$/)
  await machine.paste(node, '--fix')
  expect((await machine.host.output('iptables -S')).split('\n').filter((rule) => rule.includes('spanwire'))).toEqual(
    marked,
  )

  expect(await machine.spanwire('leave')).toMatchObject({ code: 0 })
  expect(await machine.host.output('iptables -S')).toBe(rules)
})

const enrolments = (server: FakeServer) => server.requests.filter(({ path }) => path === '/node/v1/enrol')
const nameOf = (what: string, shell: Shell) => `${what}-${shell.split(' ')[0]}`

/** What of the script's could be left on a machine. wireguard-go leaves its empty directory. */
function everything(machine: Machine): Promise<string> {
  return machine.host.output(`ls -A /etc /etc/init.d /etc/systemd/system /var/lib /run /usr/local/bin /root /tmp | grep -vx wireguard
    ip -o addr | sed 's/ tentative//'; ip -4 route; ip -6 route; ip rule; nft -s list ruleset; iptables -S`)
}
