import { parsePreflightMessage } from '@spanwire/mesh/protocol/parse-preflight-message'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { K3sLab } from './k3s-lab.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const STOPS = `stops yes
critical: kubernetes-present: this machine is a node of a cluster that kubeadm made
  evidence: kubeadm yes
  fix: Take it off first.
k3s is not installed here before that is put right
`

test.concurrent('--check says before the first join what the server finds in its facts, and leaves nothing behind', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('look')
  world.server.judge = (text) =>
    text.includes('kubeadm yes') ? STOPS : 'stops no\nnothing stands in the way of k3s here\n'
  const node = world.server.invite('look', 'gateway', `${machine.host.address}:51820`)
  const check = () => machine.paste(node, '--check')
  const before = await machine.written()
  const good = await check()
  expect(good).toMatchObject({ code: 0, stderr: '' })
  expect(good.stdout).toMatch(/k3s: nothing stands in the way of k3s here\n[\s\S]*preflight: nothing stands in the way/)
  expect(await machine.written()).toEqual(before)

  await machine.host.output('mkdir -p /etc/kubernetes; : >/etc/kubernetes/kubelet.conf')
  const bad = await check()
  expect(bad.code).toBe(1)
  expect(bad.stdout).toContain('spanwire: k3s: critical: kubernetes-present: this machine is a node of a cluster')
  expect(bad.stdout).toMatch(/ {2}evidence: kubeadm yes\n.* {2}fix: Take it off first/)
  expect(bad.stdout).not.toContain('preflight: nothing stands in the way')

  const asked = world.server.requests.filter(({ path }) => path === '/node/v1/preflight')
  expect(asked.map(({ bearer }) => bearer)).toEqual([node.token, node.token])
  const message = parsePreflightMessage(asked[0]?.body ?? '')
  expect(message).toMatchObject({ ok: true, value: { fault: null } })
  // A token that only looks is unused, and nothing of it is in the ledger.
  expect(node.credentialHash).toBeNull()
  expect(world.server.steps).toEqual([])
})

test.concurrent('a firewalld that drops IPv6 of two ways is among the facts as long as it runs and is set so', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('six')
  world.server.judge = () => 'stops no\nnothing stands in the way of k3s here\n'
  const node = world.server.invite('six', 'gateway', `${machine.host.address}:51820`)
  const isTold = async (setting: string, state: string) => {
    await machine.host.output(`mkdir -p /etc/firewalld; echo '${setting}' > /etc/firewalld/firewalld.conf
      printf '#!/bin/sh\\necho ${state}\\n' > /usr/local/bin/firewall-cmd; chmod +x /usr/local/bin/firewall-cmd`)
    expect((await machine.paste(node, '--check')).code).toBe(0)
    const asked = world.server.requests.findLast(({ path }) => path === '/node/v1/preflight')
    return /^ ?ipv6-rpfilter strict$/m.test(asked?.body ?? '')
  }
  expect(await isTold('IPv6_rpfilter=yes', 'running')).toBe(true)
  expect(await isTold('IPv6_rpfilter=loose', 'running')).toBe(false)
  expect(await isTold('IPv6_rpfilter = strict', 'not running')).toBe(false)
})

test.concurrent('--check of a node that is to be in no cluster says nothing of k3s', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('plain')
  world.server.bend = ({ path }) => (path === '/node/v1/part/k3s' ? { status: 204 } : undefined)
  const node = world.server.invite('plain', 'gateway', `${machine.host.address}:51820`)
  const checked = await machine.paste(node, '--check')
  expect(checked).toMatchObject({ code: 0, stderr: '' })
  expect(checked.stdout).not.toContain('k3s')
})

test.concurrent('what holds a machine is on its terminal, the line ends with it, and pasted again it goes on', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('held')
  // In a cluster, and not told to install yet.
  world.server.extras = () => ({ files: [], requests: [] })
  let isMended = false
  world.server.judge = () => (isMended ? 'stops no\nnothing stands in the way of k3s here\n' : STOPS)
  const held = await world.paste(machine, 'gateway')
  expect(held.code).toBe(1)
  expect(held.stdout).toContain('k3s: critical: kubernetes-present: ')
  expect(held.stderr).toMatch(/fix: put that right, then paste the line again/)
  const doctor = await machine.spanwire('doctor')
  expect(doctor.code).toBe(1)
  expect(doctor.stdout).toContain('k3s: critical: kubernetes-present: ')

  isMended = true
  expect((await machine.spanwire('doctor')).stdout).toMatch(/k3s: nothing stands in the way of k3s here/)
  const asked = world.server.requests.filter(({ path }) => path === '/node/v1/preflight')
  expect(asked.at(-1)?.bearer).toMatch(/^swn_/)
})

test.concurrent('who asks is followed by a report of the same: what was told before does not come back', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('twice')
  world.server.extras = () => ({ files: [], requests: [] })
  world.server.judge = () => 'stops no\nnothing stands in the way of k3s here\n'
  await machine.host.output('mkdir -p /etc/kubernetes; : >/etc/kubernetes/kubelet.conf')
  await machine.join()
  const told = () => world.server.reports.findLast(({ report }) => report.preflight)?.report.preflight?.text ?? ''
  await until('its facts', 30_000, () => told().includes('kubeadm yes'))
  await machine.host.output('rm -r /etc/kubernetes')
  await machine.spanwire('doctor')
  await until('the facts of now', 15_000, () => told().includes('kubeadm no'))
})

test.concurrent('with the server away spanwire doctor says what the machine finds by itself', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('alone')
  world.server.extras = () => ({ files: [], requests: [] })
  world.server.judge = () => 'stops no\nnothing stands in the way of k3s here\n'
  await machine.join()
  await machine.host.output('mkdir -p /etc/kubernetes; : >/etc/kubernetes/kubelet.conf')
  world.server.bend = () => ({ status: 502, headers: {}, body: 'a proxy' })
  const doctor = await machine.spanwire('doctor')
  expect(doctor.code).toBe(1)
  expect(doctor.stdout).toMatch(
    /k3s: the server does not say what it makes of this machine; by itself it finds:\n.*k3s: kubernetes-present: kubeadm/,
  )
})
