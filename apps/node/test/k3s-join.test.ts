import { K3sHost } from '@spanwire/lab/k3s/k3s-host'
import { K3S_VERSION } from '@spanwire/lab/k3s/k3s-releases'
import { parsePreflight } from '@spanwire/mesh/cluster/parse-preflight'
import { parseMessage } from '@spanwire/mesh/protocol/parse-message'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { K3sLab } from './k3s-lab.ts'
import type { Machine } from './machine.ts'
import { until } from './until.ts'

/** A gateway that is the first server, and an agent: what they say, what lies on their disks, what can be asked of them. */
describe.sequential('a cluster by its lines', () => {
  let lab: K3sLab
  let server: Machine
  let agent: Machine
  let token: string

  beforeAll(async () => {
    lab = await K3sLab.create()
    server = await lab.machine('server-1')
    agent = await lab.machine('agent-1')
    await server.host.writeFile('/etc/rancher/k3s/config.yaml', OWN_CONFIG)
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  test('the first server comes up by its line, which ends when that is proven', async () => {
    lab.wish('server-1', { role: 'server-first' })
    const pasted = await lab.paste(server, 'gateway')
    expect(pasted).toMatchObject({ code: 0, stderr: '' })
    expect(pasted.stdout).toMatch(/k3s: proved: k3s v1\.34\.1\+k3s1 runs as server, pods here have 10\.42\.0\.1\/24/)
    expect(lab.stepsOf('done').slice(4)).toEqual(['k3s-installed', 'api-reachable', 'registered', 'pod-range'])
    expect(lab.stepsOf('failed')).toEqual([])
  })

  test('it says what runs, what the cluster knows of its nodes, and that a pod answered', async () => {
    const said = await lab.said('server-1', ({ nodes, pods }) => nodes?.[0]?.ready === 'True' && pods.length > 0)
    expect(said).toMatchObject({ service: 'active', version: K3S_VERSION, podRanges: ['10.42.0.0/24'], podMtu: 1420 })
    expect(said.nodes).toMatchObject([{ name: 'server-1', internalIps: ['10.77.0.1'], isControlPlane: true }])
    expect(said.pods).toMatchObject([{ name: 'server-1', address: expect.stringMatching(/^10\.42\.0\./) }])
    expect(said.pods[0]?.rttMs).toBeGreaterThan(0)
    expect(said.certificateUntil).toBeGreaterThan(Date.now())
  })

  test('its preflight is told in the grammar of the rules, once', async () => {
    const told = () => lab.server.reports.filter(({ text }) => /^:preflight$/m.test(text))
    const message = parseMessage(told()[0]?.text ?? '', 'report')
    const facts = parsePreflight((message.ok && message.value.blocks.get('preflight')) || '')
    expect(facts).toMatchObject({
      ok: true,
      value: { init: 'systemd', wireguard: 'wireguard-go', hasDefaultRoute: true },
    })
    expect(facts.ok && facts.value.configKeys).toEqual([
      { file: '/etc/rancher/k3s/config.yaml', key: 'write-kubeconfig-mode' },
    ])
    expect(lab.server.reports.map(({ text }) => text).join()).not.toContain('0640')
  })

  test('files of others are left alone, and secrets can be read by root only', async () => {
    expect(await server.host.readFile('/etc/rancher/k3s/config.yaml')).toBe(OWN_CONFIG)
    expect(await server.host.readFile('/etc/rancher/k3s/config.yaml.d/10-spanwire.yaml')).toMatch(
      /node-ip:\n {2}- "10\.77\.0\.1"/,
    )
    expect(await server.host.readFile('/etc/systemd/system/k3s.service.d/10-spanwire.conf')).toMatch(
      /After=spanwire\.service[\s\S]*TimeoutStartSec=0/,
    )
    const files = await server.host.output(
      'find /etc/rancher/k3s/config.yaml.d /etc/rancher/k3s/k3s.yaml /var/lib/spanwire/k3s /run/spanwire/part -type f -printf "%m %p\\n"',
    )
    for (const line of files.trim().split('\n')) if (!line.endsWith('k3s.yaml')) expect(line).toMatch(/^600 /)
  })

  test('what the server made is read back, and a token is minted for one join', async () => {
    const read = await lab.answer(lab.ask('server-1', 'k3s-read-server'))
    expect(read?.state).toBe('done')
    const hash = (await server.host.output('sha256sum </var/lib/rancher/k3s/server/tls/server-ca.crt')).slice(0, 64)
    expect(read?.secret).toMatch(new RegExp(`^token K10${hash}::server:\\S+\\n-----BEGIN CERTIFICATE-----\\n`))
    const minted = await lab.answer(lab.ask('server-1', 'k3s-mint-token', ['agent-1', '900']))
    expect(minted).toMatchObject({
      state: 'done',
      evidence: expect.stringContaining('a token for agent-1, good for 900 s'),
    })
    token = minted?.secret?.trim() ?? ''
    expect(token).toMatch(new RegExp(`^K10${hash}::[a-z0-9]{6}\\.[a-z0-9]{16}$`))
    expect(minted?.evidence).not.toContain(token.slice(-16))
    lab.forget('server-1')
  })

  test("a person's certificate is signed by the cluster, for the name and group that the request has", async () => {
    const make = `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /root/ada.key -subj '/CN=ada@example.com/O=spanwire:viewer'`
    const csr = await server.host.output(`${make} 2>/dev/null`)
    const letters = 'abcdefghijklmnop'.repeat(2)
    lab.server.edit = (files, { name }) =>
      name === 'server-1' ? [...files, { name: `k3s/csr.${letters}`, text: csr }] : files
    const before = lab.server.last('server-1')?.k3s?.applied
    const signed = await lab.answer(lab.ask('server-1', 'k3s-sign', [letters, '43200']))
    lab.server.edit = undefined
    lab.forget('server-1')
    expect(signed).toMatchObject({ state: 'done', secret: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n/) })
    const subject = await server.host.output(['openssl', 'x509', '-noout', '-subject'], { stdin: signed?.secret ?? '' })
    expect(
      subject
        .trim()
        .replace(/^subject=/, '')
        .split(', ')
        .sort(),
    ).toEqual(['CN = ada@example.com', 'O = spanwire:viewer'])
    // What is only to be signed is nothing that was applied.
    await server.synced()
    expect(lab.server.last('server-1')?.k3s?.applied).toBe(before)
    expect(await server.host.output('k3s kubectl get csr -o name')).toBe('')
  })

  test('an agent with the token of another cluster is stopped before anything is written', async () => {
    lab.wish('agent-1', { role: 'agent', token: token.replace(/^K10.{64}/, `K10${'0'.repeat(64)}`) })
    const pasted = await lab.paste(agent, 'member')
    expect(pasted.code).toBe(1)
    expect(pasted.stdout + pasted.stderr).toMatch(
      /failed: api-reachable: ca-mismatch: [\s\S]*fix: .*paste the line again/,
    )
    expect(lab.stepsOf('failed')).toEqual(['api-reachable ca-mismatch'])
    expect(await agent.host.output('ls /etc/rancher /etc/systemd/system 2>&1; true')).not.toMatch(/k3s/)
    await lab.said('agent-1', ({ failure, service }) => failure?.code === 'ca-mismatch' && service === 'absent')
  })

  test('with its own token the same line goes on, and the agent is Ready over the tunnel', async () => {
    lab.wish('agent-1', { role: 'agent', token })
    const pasted = await lab.paste(agent, 'member')
    expect(pasted).toMatchObject({ code: 0, stderr: '' })
    const nodes = await new K3sHost(server.host).untilReady(['server-1', 'agent-1'], 60_000)
    expect(nodes.find(({ name }) => name === 'agent-1')).toMatchObject({ internalIp: '10.77.0.2' })
    await lab.said('agent-1', ({ podRanges, failure }) => podRanges[0] === '10.42.1.0/24' && failure === null)
    expect(await agent.host.output('cat /etc/systemd/system/k3s-agent.service.env')).not.toMatch(/TOKEN|K10/)
    expect(await agent.host.output('stat -c %a /etc/rancher/k3s/spanwire-token')).toBe('600\n')
  })

  test('labels and taints of a node that has registered are set by a server, and no k3s restarts', async () => {
    const [before] = agent.host.processes(/k3s agent$/)
    const words = ['topology.kubernetes.io/zone=berlin', 'disk=ssd', 'edge=true:PreferNoSchedule']
    expect(await lab.answer(lab.ask('server-1', 'k3s-label', ['agent-1', ...words]))).toMatchObject({ state: 'done' })
    const read = (path: string) => server.host.output(`k3s kubectl get node agent-1 -o jsonpath='{${path}}'`)
    expect(JSON.parse(await read('.metadata.labels'))).toMatchObject({
      'topology.kubernetes.io/zone': 'berlin',
      disk: 'ssd',
    })
    expect(await read('.spec.taints[*].key')).toBe('edge')
    const less = ['disk-', 'edge:PreferNoSchedule-', 'never:NoExecute-']
    expect(await lab.answer(lab.ask('server-1', 'k3s-label', ['agent-1', ...less]))).toMatchObject({ state: 'done' })
    expect(await read('.metadata.labels.disk')).toBe('')
    expect(await read('.spec.taints[*].key')).toBe('')
    expect(agent.host.processes(/k3s agent$/)[0]?.pid).toBe(before?.pid)
  })

  test('a part of the script that is killed comes back and changes nothing', async () => {
    const [before] = agent.host.processes(/k3s agent$/)
    agent.host.signal(/k3s\.sh run/, 'SIGKILL')
    const since = lab.server.reports.length
    await until('the part to say something again', 30_000, () =>
      lab.server.reports
        .slice(since)
        .some(({ name, report }) => name === 'agent-1' && report.k3s?.service === 'active'),
    )
    await until('its loops', 20_000, () => agent.host.processes(/k3s\.sh run/).length >= 3)
    expect(agent.host.processes(/k3s agent$/)[0]?.pid).toBe(before?.pid)
  })

  test('after a reboot without a server k3s comes up behind the tunnel', async () => {
    lab.server.bend = () => ({ status: 502, headers: {}, body: 'a proxy' })
    await agent.host.reboot()
    await until('k3s to run', 60_000, async () => (await agent.host.exec('systemctl is-active k3s-agent')).code === 0)
    lab.server.bend = undefined
    await new K3sHost(server.host).untilReady(['server-1', 'agent-1'], 60_000)
  })

  test('taken out of its bundles k3s goes on; asked for, it goes, and the same files do not bring it back', async () => {
    lab.wish('agent-1', null)
    await agent.synced()
    expect((await agent.host.exec('systemctl is-active k3s-agent')).code).toBe(0)
    lab.wish('agent-1', { role: 'agent', token })
    for (const [kind, args] of [
      ['k3s-cordon', ['agent-1']],
      ['k3s-drain', ['agent-1', '60']],
      ['k3s-delete-node', ['agent-1']],
      ['k3s-forget-password', ['agent-1']],
    ] as const)
      expect(await lab.answer(lab.ask('server-1', kind, [...args]))).toMatchObject({ state: 'done' })
    expect(await lab.answer(lab.ask('agent-1', 'k3s-uninstall'))).toMatchObject({ state: 'done' })
    expect(await new K3sHost(server.host).untilReady(['server-1'])).toHaveLength(1)
    await lab.said('agent-1', ({ service }) => service === 'absent')
    const left = await agent.host.output(
      'ls -d /etc/rancher/k3s /var/lib/rancher/k3s /usr/local/bin/k3s /etc/systemd/system/k3s* /etc/rancher/node 2>/dev/null; true',
    )
    expect(left).toBe('')
    lab.forget('agent-1')
    await agent.synced()
    await new Promise((resolve) => setTimeout(resolve, 6000))
    expect(await agent.host.output('ls /usr/local/bin/k3s /etc/systemd/system 2>&1; true')).not.toMatch(/k3s-agent/)
  })

  test('leave takes the network off and says that k3s stays', async () => {
    const left = await server.spanwire('leave')
    expect(left.stdout).toMatch(
      /k3s stays on this machine, with its data; \/usr\/local\/bin\/k3s-uninstall\.sh takes it off/,
    )
    expect((await server.host.exec('systemctl is-active k3s')).code).toBe(0)
    await until('no process of ours', 20_000, () => ours(server).length === 0).catch((error: Error) => {
      throw new Error(`${error.message}: ${ours(server).join('\n')}`)
    })
    expect((await server.host.exec('ls /run/spanwire /var/lib/spanwire')).code).not.toBe(0)
  })
})

const ours = ({ host }: Machine): string[] =>
  host.processes(/spanwire(?!-probe)|wireguard-go/).map(({ command }) => command)

const OWN_CONFIG = 'write-kubeconfig-mode: "0640"\n'
