import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../home.ts'
import type { Host } from '../host.ts'
import { ApiWatch } from '../k3s/api-watch.ts'
import { K3sHost } from '../k3s/k3s-host.ts'
import { K3S_VERSION } from '../k3s/k3s-releases.ts'
import { Pod } from '../k3s/pod.ts'
import { PacketCount } from '../packet-count.ts'
import { ping } from '../ping.ts'
import { TcpStream } from '../tcp-stream.ts'
import { ClusterWorld } from './cluster-world.ts'
import type { World } from './world.ts'

const AGENT = { cluster: { role: 'agent' as const } }
const STREAM = { kilobytesPerSecond: 32 }

/**
 * The story of a cluster whose machines are scattered: a gateway that is the first server too, agents behind two home NATs whose
 * LANs have the same addresses, one on a host with CentOS' REJECT rules; the lines run unchanged. Each test goes on from where the
 * one before stopped; the last two are of other machines, and run side by side.
 */
describe('a cluster over one gateway', () => {
  let cluster: ClusterWorld
  let world: World
  let gateway: Host
  let homeB: Home
  let farHome: Home
  let home1: Host
  let home2: Host
  let centos: Host
  let far: Host
  let server: K3sHost
  const ids: Record<string, string> = {}
  const addresses: Record<string, string> = {}
  const pods: Record<string, Pod> = {}
  const streams: Record<string, TcpStream> = {}
  let watch: ApiWatch
  let farId: string

  beforeAll(async () => {
    cluster = await ClusterWorld.create({ datastore: 'etcd' })
    world = cluster.world
    const homeA = await world.lab.home('home-a', { lan: '192.168.1.0/24' })
    homeB = await world.lab.home('home-b', { lan: '192.168.1.0/24', nat: 'random' })
    farHome = await world.lab.home('far')
    gateway = await world.lab.publicHost('gw-1')
    ;[home1, home2, centos, far] = await Promise.all([
      homeA.host('home-1'),
      homeB.host('home-2'),
      world.lab.publicHost('centos-1', { firewall: 'centos-reject' }),
      farHome.host('far-1'),
    ])
    await farHome.delayUdp(gateway.address, 51820, 120)
    server = new K3sHost(gateway)
  }, 240_000)
  afterAll(async () => await cluster?.[Symbol.asyncDispose]())

  test('the gateway makes the cluster by its line', async () => {
    const endpoint = `${gateway.address}:51820`
    const joined = await cluster.join(gateway, 'gw-1', { role: 'gateway', endpoint, cluster: { role: 'server' } })
    remember('gw-1', joined.node)
    const ledger = await world.untilLedger(joined.id, ({ done }) => done, 10_000)
    expect(ledger.steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'preflight green',
      'keys green',
      'enrolled green',
      'interface green',
      // There is nobody yet to shake hands with.
      'handshake not-yet',
      'reachable not-yet',
      'k3s-installed green',
      'api-reachable green',
      'registered green',
      'ready green',
      'pod-range green',
      'pod-answered green',
    ])
  })

  test('agents join side by side: from behind two NATs, and with --fix where a firewall rejects pods', async () => {
    const joins = [
      cluster.join(home1, 'home-1', AGENT),
      cluster.join(home2, 'home-2', AGENT),
      cluster.join(centos, 'centos-1', { ...AGENT, fix: true }),
    ]
    // Of the network only, so that its way is measured for a while before it is asked about.
    const [farNode, ...joined] = await Promise.all([world.join(far, 'far-1'), ...joins])
    farId = farNode.id
    // What an agent joins with is a token for this one join; the server's never leaves the servers.
    const secret = (await gateway.readFile('/var/lib/rancher/k3s/server/token')).trim().replace(/.*:/, '')
    for (const { id, node, said } of joined) {
      remember(node.name, node)
      const ledger = await world.untilLedger(id, ({ done }) => done, 10_000)
      expect(ledger.steps.slice(6).map(({ step, state }) => `${step} ${state}`)).toEqual([
        'api-reachable green',
        'k3s-installed green',
        'registered green',
        'ready green',
        'pod-range green',
        'pod-answered green',
      ])
      expect(ledger.steps.at(-1)?.evidence).toMatch(/^its pod 10\.\d+\.\d+\.\d+ answered gw-1 in [\d.]+ ms$/)
      expect(said).toContain('proved: k3s')
      expect((await world.lab.host(node.name).exec(['grep', '-rlF', secret, '/etc', '/var/lib'])).stdout).toBe('')
    }
  })

  test('all are Ready with their overlay addresses, and each has a pod range', async () => {
    const seen = await server.untilReady(Object.keys(ids))
    for (const { name, internalIp, version } of seen)
      expect({ name, internalIp, version }).toEqual({ name, internalIp: addresses[name], version: K3S_VERSION })
    const nodes = await cluster.untilNodes((all) => all.every(({ status }) => status === 'good'), 60_000)
    expect(nodes.map(({ addressFits }) => addressFits)).toEqual([true, true, true, true])
    expect(new Set(nodes.flatMap(({ podRanges }) => podRanges)).size).toBe(4)
  })

  test('pods reach each other with their own addresses, over the gateway and without a second wrapping', async () => {
    const count = await PacketCount.start(gateway, {
      vxlan: 'udp dport 8472',
      pods: 'ip saddr 10.42.0.0/16 tcp dport 80',
    })
    const hosts = [gateway, home1, home2, centos]
    for (const pod of await Promise.all(hosts.map((host) => cluster.pod(server, host)))) pods[pod.host.name] = pod
    const reach = async (from: Pod, to: Pod) => {
      const way = `${from.name} to ${to.name}`
      expect(await ping(from, to.address, { count: 2 }), way).toMatchObject({ lost: 0 })
      expect(await from.ask(to.address), way).toMatchObject({ node: to.host.name, client: from.address })
    }
    const all = Object.values(pods)
    for (const from of all) await Promise.all(all.filter((to) => to !== from).map((to) => reach(from, to)))
    const { vxlan, pods: carried } = await count.read()
    expect(carried).toBeGreaterThan(50)
    expect(vxlan).toBe(0)
    for (const host of [gateway, home1]) expect(await host.output('ip -o link show type vxlan')).toBe('')
  })

  test('long streams: pod to pod, pod to node, node to service, pod to API server', async () => {
    await server.kubectl('apply', '-f', await serviceOn('home-2', 5203))
    const service = (await server.kubectl('get', 'service', 'stream', '-o', 'jsonpath={.spec.clusterIP}')).trim()
    await expect
      .poll(async () => (await home1.exec('iptables -t nat -S KUBE-SERVICES')).stdout, { timeout: 20_000 })
      .toContain(service)
    const [one, two] = [pods['home-1']!, pods['home-2']!]
    streams.podToPod = await TcpStream.open(one, two, two.address, { ...STREAM, port: 5201 })
    streams.podToNode = await TcpStream.open(one, home2, addresses['home-2']!, { ...STREAM, port: 5202 })
    streams.nodeToService = await TcpStream.open(home1, two, service, { ...STREAM, port: 5203 })
    streams.gatewayToPod = await TcpStream.open(pods['gw-1']!, two, two.address, { ...STREAM, port: 5204 })
    watch = await ApiWatch.open(two, '10.43.0.1')
    await Promise.all(Object.values(streams).map((stream) => stream.moved(200_000, 30_000)))
    await watch.heard(3, 60_000)
  })

  test('the control plane killed: streams live on, and an agent that reboots meanwhile comes back with its pod', async () => {
    await world.server.kill()
    await centos.reboot()
    await server.untilReady(Object.keys(ids), 120_000)
    pods['centos-1'] = await Pod.on(centos, 'web-centos-1', 60_000)
    const answers = () => pods['home-1']!.ask(pods['centos-1']!.address).catch(() => null)
    await expect.poll(answers, { timeout: 60_000 }).toMatchObject({ client: pods['home-1']!.address })
    for (const [name, stream] of Object.entries(streams)) {
      const report = await stream.moved(50_000, 30_000)
      expect({ name, ended: report.ended, gaps: report.gaps }).toEqual({ name, ended: '', gaps: [] })
    }
    await world.server.start()
    await cluster.untilNodes((all) => all.every(({ status }) => status === 'good'), 120_000)
  })

  test('the tunnel restarted under k3s: its pods are reachable again, and their connections live on', async () => {
    home2.signal('wireguard-go', 'SIGKILL')
    const answers = () => pods['home-1']!.ask(pods['home-2']!.address).catch(() => null)
    await expect.poll(answers, { timeout: 60_000 }).toMatchObject({ node: 'home-2', client: pods['home-1']!.address })
    expect((await streams.podToPod!.moved(50_000, 60_000)).ended).toBe('')
    await watch.heard(3, 60_000)
  })

  test('a second server 120 ms away is judged with numbers before it is one', async () => {
    type Verdict = { verdict: string; sentence: string; rttMs: number | null; etcdArgs: string[] }
    const path = `/cluster-nodes/${farId}/server-verdict`
    const judged = await world.operator.until<Verdict>(path, ({ rttMs }) => rttMs !== null, 60_000)
    // A busy machine loses pings, and then it is worse than far.
    expect(['tune', 'bad']).toContain(judged.verdict)
    expect(judged.rttMs).toBeGreaterThan(119)
    expect(judged.rttMs).toBeLessThan(400)
    expect(judged.sentence).toMatch(/^\d+ ms to gw-1, [\d.]+ % of \d+ pings lost: /)
    expect(judged.sentence).toContain('With two servers the cluster stops when either does: plan a third.')
    expect(judged.etcdArgs[0]).toMatch(/^heartbeat-interval=\d+$/)
  })

  test.concurrent('an agent leaves by steps, each a fact, and its machine is clean', async ({ expect }) => {
    const id = ids['centos-1']!
    await world.operator.ask('POST', `/cluster-nodes/${id}/remove`, { leaveNetwork: true })
    type Activity = { rows: { action: string; subjectId: string; after: Record<string, string> }[] }
    const { rows } = await world.operator.until<Activity>(
      '/activity?action=cluster.leave',
      (answer) => answer.rows.length > 0,
      120_000,
    )
    expect(rows[0]).toMatchObject({
      subjectId: id,
      after: { cordon: 'done', drain: 'done', delete: 'done', password: 'done', uninstall: 'done' },
    })
    expect((await server.nodes()).map(({ name }) => name)).not.toContain('centos-1')
    const secrets = await server.kubectl('-n', 'kube-system', 'get', 'secrets', '-o', 'name')
    expect(secrets).toContain('gw-1.node-password.k3s')
    expect(secrets).not.toContain('centos-1.node-password.k3s')
    await expect.poll(() => centos.output('ls /etc'), { timeout: 60_000 }).not.toMatch(/^spanwire$/m)
    for (const gone of [
      '/usr/local/bin/k3s',
      '/etc/rancher/node',
      '/var/lib/rancher/k3s',
      '/etc/systemd/system/k3s-agent.service',
    ])
      expect((await centos.exec(['ls', '-d', gone])).code, gone).not.toBe(0)
    expect((await centos.exec('ip link show span0')).code).not.toBe(0)
    expect(await centos.output('iptables -S')).not.toMatch(/spanwire|KUBE/)
  })

  test.concurrent('a machine imaged anew is refused its old name, until its password is forgotten and the line is pasted again', async ({
    expect,
  }) => {
    await home2.powerOff()
    await world.operator.ask('DELETE', `/nodes/${ids['home-2']}?abandonCluster=true`)
    const again = await homeB.host('home-2-again', { hostname: 'home-2' })
    await cluster.releases.introduce(again)
    const invitation = await world.invite('home-2', AGENT)
    const pasted = await again.exec(invitation.line, { timeoutMs: 300_000 })
    expect(pasted, pasted.stdout + pasted.stderr).not.toMatchObject({ code: 0 })
    const refused = await cluster.untilNode(invitation.id, ({ failure }) => failure !== null, 60_000)
    expect(refused.failure).toMatchObject({ code: 'node-password', offers: 'forget-password' })
    const name = 'home-2.node-password.k3s'
    const password = () => server.kubectl('-n', 'kube-system', 'get', 'secret', name, '-o', 'json').catch(() => 'none')
    const before = await password()
    await world.operator.ask('POST', `/cluster-nodes/${invitation.id}/forget-password`)
    await expect.poll(password, { timeout: 60_000 }).not.toBe(before)
    await world.paste(again, invitation.line)
    await world.untilLedger(invitation.id, ({ done }) => done, 120_000)
    const node = (await server.nodes()).find(({ name }) => name === 'home-2')
    expect(node).toMatchObject({ ready: 'True', internalIp: (await world.node(invitation.id)).address4 })
  })

  function remember(name: string, node: { id: string; address4: string | null }) {
    ids[name] = node.id
    addresses[name] = node.address4 ?? ''
  }

  async function serviceOn(node: string, port: number): Promise<string> {
    const spec = { selector: { on: node }, ports: [{ port }] }
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'stream' }, spec }
    await gateway.writeFile('/root/service.json', JSON.stringify(service))
    return '/root/service.json'
  }
})
