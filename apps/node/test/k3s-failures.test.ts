import { K3sHost } from '@spanwire/lab/k3s/k3s-host'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from './fake-server.ts'
import { cluster, K3sLab } from './k3s-lab.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

test.concurrent('an installer with another SHA-256 is not run; with the right one the same line goes on', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('hash')
  const other = { ...cluster, installer: { source: '/root/install.sh', sha256: '0'.repeat(64) } }
  world.wish('hash', { role: 'server-first', settings: other })
  const stopped = await world.paste(machine, 'gateway')
  expect(stopped).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/k3s-installed: installer-hash: .*[0-9a-f]{64}/),
  })
  expect(stopped.stderr).toMatch(/fix: /)
  expect(world.stepsOf('failed')).toEqual(['k3s-installed installer-hash'])
  expect((await machine.host.exec('ls /usr/local/bin/k3s-uninstall.sh /etc/systemd/system/k3s.service')).code).not.toBe(
    0,
  )

  world.wish('hash', { role: 'server-first' })
  expect(await world.paste(machine, 'gateway')).toMatchObject({ code: 0, stderr: '' })
  await world.said('hash', ({ service, failure }) => service === 'active' && failure === null)
})

test.concurrent('a k3s that ends again and again is told in its own words, and is found well by itself', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('crash')
  const k3s = new K3sHost(machine.host)
  await k3s.spoil('crash-at-start')
  world.wish('crash', { role: 'server-first' })
  const stopped = await world.paste(machine, 'gateway')
  expect(stopped).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/failed: k3s-installed: service-failed: .*level=fatal/),
  })
  await world.said('crash', ({ service, failure }) => service !== 'active' && failure?.code === 'service-failed')
  await k3s.mend()
  await world.said('crash', ({ service, failure }) => service === 'active' && failure === null, 150_000)
  expect(world.stepsOf('done')).toContain('k3s-installed')
}, 240_000)

test.concurrent.each([
  {
    name: 'exists',
    it: 'a k3s of somebody else',
    before: 'printf "[Service]\\nExecStart=/bin/true\\n" >/etc/systemd/system/k3s.service',
    code: 'kubernetes-present',
  },
  {
    name: 'kubeadm',
    it: 'kubeadm',
    before: 'mkdir -p /etc/kubernetes; : >/etc/kubernetes/kubelet.conf',
    code: 'kubernetes-present',
  },
  {
    name: 'port',
    it: 'a program on the port of kubelet',
    before: 'setsid node -e "require(\'net\').createServer().listen(10250)" </dev/null >/dev/null 2>&1 & sleep 2',
    code: 'port-in-use',
  },
  {
    name: 'disk',
    it: 'a full disk',
    before: 'mkdir -p /var/lib/rancher; mount -t tmpfs -o size=256k tmpfs /var/lib/rancher',
    code: 'disk-full',
  },
])('$it stops the join before anything is written', async ({ name, before, code }) => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine(name)
  await machine.host.output(before)
  world.wish(name, { role: 'server-first' })
  const stopped = await world.paste(machine, 'gateway')
  expect(stopped).toMatchObject({ code: 1, stdout: expect.stringContaining(`failed: k3s-installed: ${code}: `) })
  await world.said(name, ({ failure }) => failure?.code === code)
  expect((await machine.host.exec('ls /etc/rancher/k3s /usr/local/bin/k3s-uninstall.sh')).code).not.toBe(0)
  expect((await machine.spanwire('doctor')).stdout).toContain(`k3s: ${code}: `)
})

test.concurrent('a server that does not answer through the tunnel is named, and nothing is installed', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('away')
  world.wish('away', { role: 'agent', via: '10.77.0.99', token: `K10${'a'.repeat(64)}::abcdef.0123456789abcdef` })
  const stopped = await world.paste(machine, 'gateway')
  expect(stopped).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/api-reachable: api-unreachable: https:\/\/10\.77\.0\.99:6443/),
  })
  expect((await machine.host.exec('ls /etc/rancher /usr/local/bin/k3s-uninstall.sh')).code).not.toBe(0)
})

const installerThat = (does: string) => `#!/bin/sh\n${does}\n`

test.concurrent.each([
  { name: 'fails', does: 'echo "[ERROR]  something unforeseen"; exit 1', code: 'installer-failed' },
  { name: 'offline', does: 'echo "[ERROR]  Download failed"; exit 1', code: 'download-failed' },
  { name: 'full', does: 'echo "tar: write error: No space left on device"; exit 1', code: 'disk-full' },
])('an installer that ends with an error is $code', async ({ name, does, code }) => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine(name)
  await machine.host.writeFile('/root/install.sh', installerThat(does))
  const settings = { ...cluster, installer: { source: '/root/install.sh', sha256: sha256(installerThat(does)) } }
  world.wish(name, { role: 'server-first', settings })
  const stopped = await world.paste(machine, 'gateway')
  expect(stopped).toMatchObject({ code: 1, stdout: expect.stringMatching(new RegExp(`${code}: .*`)) })
})

test.concurrent('killed while the installer is at work, the part waits for its end and goes on from there', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('killed')
  const does = installerThat(
    `echo "begins $K3S_TOKEN$INSTALL_K3S_EXEC" >>/root/runs; sleep 12; echo ends >>/root/runs; exit 1`,
  )
  await machine.host.writeFile('/root/install.sh', does)
  const settings = { ...cluster, installer: { source: '/root/install.sh', sha256: sha256(does) } }
  world.wish('killed', { role: 'server-first', settings })
  const pasted = world.paste(machine, 'gateway')
  const runs = () => machine.host.readFile('/root/runs').catch(() => '')
  await until('the installer at work', 60_000, async () => (await runs()) === 'begins server\n')
  machine.host.signal(/k3s\.sh run/, 'SIGKILL')
  await until('a second run', 90_000, async () => (await runs()).split('begins').length > 2)
  expect(await runs()).toMatch(/^begins server\nends\nbegins server\n/)
  await pasted
})

test.concurrent('what k3s/install says and the grammar does not know is run by nobody', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('hostile')
  world.wish('hostile', { role: 'server-first' })
  world.server.edit = (files) =>
    files.map((file) =>
      file.name === 'k3s/install'
        ? { ...file, text: `${file.text}unit $(touch /root/owned)\ninstaller /root/../bin/sh;touch\n` }
        : file,
    )
  await machine.join().catch(() => {})
  await world.said('hostile', ({ failure }) => failure?.code === 'bundle-refused')
  expect((await machine.host.exec('ls /root/owned /etc/rancher')).code).not.toBe(0)
})

test.concurrent('a host firewall that rejects pods is opened with --fix for them too, and leave takes that back', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('walls', { firewall: 'centos-reject' })
  const before = await machine.host.output('iptables -S')
  const does = installerThat('exit 1')
  await machine.host.writeFile('/root/install.sh', does)
  const settings = { ...cluster, installer: { source: '/root/install.sh', sha256: sha256(does) } }
  world.wish('walls', { role: 'server-first', settings })
  const pasted = await world.paste(machine, 'gateway', '--fix')
  expect(pasted.stdout).toContain('installer-failed')
  const rules = await machine.host.output('iptables -S')
  for (const accept of ['INPUT -i cni0', 'FORWARD -i cni0', 'FORWARD -i span0+', 'INPUT -i span0+'])
    expect(rules).toContain(`-A ${accept} -m comment --comment spanwire -j ACCEPT`)
  expect(await machine.spanwire('leave')).toMatchObject({ code: 0 })
  expect(await machine.host.output('iptables -S')).toBe(before)
})
