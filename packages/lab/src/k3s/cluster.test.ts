import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../home.ts'
import type { Host } from '../host.ts'
import { Lab } from '../lab.ts'
import { ping } from '../ping.ts'
import { TcpStream } from '../tcp-stream.ts'
import { ApiWatch } from './api-watch.ts'
import { K3sHost } from './k3s-host.ts'
import { K3sReleases } from './k3s-releases.ts'
import { Pod } from './pod.ts'

/** Three machines on one LAN and the line from k3s's quick start: the stand-in by itself, with nothing of the product. */
describe.sequential('a cluster on a LAN', () => {
  let lab: Lab
  let home: Home
  let hosts: Host[]
  let server: K3sHost
  let pods: Pod[]

  beforeAll(async () => {
    lab = await Lab.create({ controlPlane: false })
    const releases = await K3sReleases.create(lab)
    home = await lab.home('lan')
    hosts = await Promise.all(['server-1', 'agent-1', 'agent-2'].map((name) => home.host(name)))
    await Promise.all(hosts.map((host) => releases.introduce(host)))
    server = new K3sHost(hosts[0]!)
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  const config = (host: Host, text: string) =>
    host.writeFile('/etc/rancher/k3s/config.yaml.d/10-test.yaml', text, 0o600)

  test('the server comes up by the line, and its node is Ready', async () => {
    await config(
      hosts[0]!,
      `flannel-backend: host-gw\nnode-ip: ${hosts[0]!.address}\nkube-controller-manager-arg: [node-monitor-grace-period=4s]\nkubelet-arg: [node-status-update-frequency=1s]\n`,
    )
    const said = await hosts[0]!.output('curl -sfL https://get.k3s.io | sh -', { timeoutMs: 60_000 })
    expect(said).toContain('[INFO]  systemd: Starting k3s')
    const [node] = await server.untilReady(['server-1'])
    expect(node).toMatchObject({ internalIp: hosts[0]!.address, podCidr: '10.42.0.0/24', reason: 'KubeletReady' })
    expect(await hosts[0]!.output('cat /run/flannel/subnet.env')).toBe(
      'FLANNEL_NETWORK=10.42.0.0/16\nFLANNEL_SUBNET=10.42.0.1/24\nFLANNEL_MTU=1500\nFLANNEL_IPMASQ=true\n',
    )
  })

  test('agents join by bootstrap token, and get pod ranges of their own', async () => {
    for (const agent of hosts.slice(1)) {
      const token = (await hosts[0]!.output('k3s token create --ttl 5m')).trim()
      expect(token).toMatch(/^K10[0-9a-f]{64}::[a-z0-9]{6}\.[a-z0-9]{16}$/)
      await config(agent, `node-ip: ${agent.address}\nkubelet-arg: [node-status-update-frequency=1s]\n`)
      const env = { K3S_URL: `https://${hosts[0]!.address}:6443`, K3S_TOKEN: token }
      await agent.output('curl -sfL https://get.k3s.io | sh -', { timeoutMs: 60_000, env })
    }
    const nodes = await server.untilReady(['server-1', 'agent-1', 'agent-2'])
    expect(nodes.map(({ podCidr }) => podCidr).sort()).toEqual(['10.42.0.0/24', '10.42.1.0/24', '10.42.2.0/24'])
  })

  test('pods reach each other over host-gw routes, with their own addresses', async () => {
    for (const { name } of hosts)
      await server.kubectl(
        'run',
        `web-${name}`,
        '--image=web',
        '--labels=app=web',
        `--overrides={"spec":{"nodeName":"${name}"}}`,
      )
    await server.kubectl('wait', '--for=condition=Ready', 'pod', '-l', 'app=web', '--timeout=30s')
    pods = await Promise.all(hosts.map((host) => Pod.on(host, `web-${host.name}`)))
    const [, one, two] = pods as [Pod, Pod, Pod]
    expect(await ping(one, two.address)).toMatchObject({ lost: 0 })
    expect(await one.ask(two.address)).toMatchObject({ pod: 'web-agent-2', node: 'agent-2', client: one.address })
    expect(await hosts[1]!.output(`ip route show ${two.address.replace(/\.\d+$/, '.0/24')}`)).toContain(
      `via ${hosts[2]!.address} dev eth0`,
    )
    await using stream = await TcpStream.open(one, two, two.address)
    await stream.moved(200_000)
  })

  test('a service spreads over the pods, from pods and from nodes', async () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    }
    await server.kubectl('apply', '-f', await put(JSON.stringify(service)))
    const address = (await server.kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.clusterIP}')).trim()
    expect(address).toMatch(/^10\.43\.0\./)
    for (const host of hosts)
      await expect
        .poll(() => host.exec('iptables -t nat -S KUBE-SERVICES').then(({ stdout }) => stdout), { timeout: 15_000 })
        .toContain(address)
    const answers = await Promise.all(Array.from({ length: 12 }, () => pods[1]!.ask(address)))
    expect(new Set(answers.map(({ node }) => node)).size).toBeGreaterThan(1)
    // To another node's pod a pod comes with its own address, to its own through the bridge's hairpin by masquerade.
    for (const { node, client } of answers) if (node !== 'agent-1') expect(client).toBe(pods[1]!.address)
    expect(await hosts[2]!.output(`curl -fsS http://${address}/`)).toContain('"pod":"web-')
    expect(await pods[2]!.output('curl -fsSk https://10.43.0.1/ping')).toBe('pong')
    await using watch = await ApiWatch.open(pods[2]!, '10.43.0.1')
    await watch.heard(5)
  })

  test('the doors of the supervisor: CA and ping for all, readyz for those with a token', async () => {
    const url = `https://${hosts[0]!.address}:6443`
    const agent = hosts[1]!
    const sum = await agent.output(`curl -fsSk ${url}/cacerts | sha256sum | cut -d ' ' -f 1`)
    const token = (await hosts[0]!.readFile('/var/lib/rancher/k3s/server/node-token')).trim()
    expect(token.startsWith(`K10${sum.trim()}::server:`)).toBe(true)
    const status = (...args: string[]) =>
      agent.output(['curl', '-sk', '-o', '/dev/null', '-w', '%{http_code}', ...args])
    expect(await status(`${url}/v1-k3s/readyz`)).toBe('401')
    expect(await status('-u', `node:${token.replace(/.*:/, '')}`, `${url}/v1-k3s/readyz`)).toBe('200')
    expect(await status('-u', `node:${token.replace(/.*:/, '')}`, `${url}/v1-k3s/server-bootstrap`)).toBe('403')
    expect(await server.kubectl('get', '--raw', '/readyz')).toBe('ok')
  })

  test('every node has the rules of flannel, kube-proxy and kube-router', async () => {
    for (const host of hosts) {
      await expect
        .poll(() => host.output('iptables -S FORWARD'), { timeout: 15_000 })
        .toMatch(/KUBE-ROUTER-FORWARD[\s\S]*KUBE-FORWARD[\s\S]*FLANNEL-FWD/)
      const filter = await host.output('iptables -S')
      expect(filter).toContain('-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP')
      expect(filter).toContain('kube-router netpol - 4IA2OSFRMVNDXBVV')
      const nat = await host.output('iptables -t nat -S')
      expect(nat).toContain(
        '! -s 10.42.0.0/16 -d 10.42.0.0/16 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully',
      )
      expect(nat).toContain('KUBE-SVC-NPX46M4PTMTKRN6Y')
    }
  })

  test('ServiceLB takes port 80 of a node away from whoever listens there', async () => {
    await using web = hosts[2]!.spawn('busybox httpd -f -p 80 -h /etc')
    await expect
      .poll(() => hosts[1]!.exec(`curl -fsS --max-time 3 http://${hosts[2]!.address}/`).then(({ stdout }) => stdout), {
        timeout: 20_000,
      })
      .toContain('svclb-traefik')
    expect(web.running).toBe(true)
  })

  test('pods go on while k3s restarts, which needs no token any more; a route that somebody moved comes back', async () => {
    const tokens: { token: string }[] = JSON.parse(await hosts[0]!.output('k3s token list -o json'))
    for (const { token } of tokens) await hosts[0]!.output(['k3s', 'token', 'delete', token.slice(0, 6)])
    await using stream = await TcpStream.open(pods[0]!, pods[1]!, pods[1]!.address)
    await stream.moved(50_000)
    await hosts[1]!.output('systemctl restart k3s-agent', { timeoutMs: 60_000 })
    expect((await stream.moved(50_000)).ended).toBe('')
    const range = pods[0]!.address.replace(/\.\d+$/, '.0/24')
    await hosts[1]!.output(`ip route replace ${range} via 192.168.1.1`)
    await expect
      .poll(() => hosts[1]!.output(`ip route show ${range}`), { timeout: 25_000 })
      .toContain(`via ${hosts[0]!.address}`)
    expect(await ping(pods[1]!, pods[0]!.address)).toMatchObject({ lost: 0 })
  })

  test('a machine that falls silent becomes NotReady, and its drain runs into the limit', async () => {
    await hosts[2]!.powerOff()
    await expect
      .poll(async () => (await server.nodes()).find(({ name }) => name === 'agent-2'), { timeout: 30_000 })
      .toMatchObject({ ready: 'Unknown', reason: 'NodeStatusUnknown' })
    const drained = await hosts[0]!.exec('k3s kubectl drain agent-2 --ignore-daemonsets --force --timeout=2s')
    expect(drained).toMatchObject({ code: 1 })
    expect(drained.stderr).toContain('global timeout reached: 2s')
  })

  test('an imaged machine of the same name is refused until its Node is deleted, and routes follow it', async () => {
    const again = await home.host('again', { hostname: 'agent-2' })
    await new K3sHost(again).place()
    const token = (await hosts[0]!.output('k3s token create')).trim()
    await using agent = again.spawn(['k3s', 'agent', '--server', `https://${hosts[0]!.address}:6443`, '--token', token])
    await agent.waitFor(/Node password rejected, duplicate hostname/, 30_000)
    await server.kubectl('delete', 'node', 'agent-2')
    await agent.waitFor(/agent is up and running/, 30_000)
    await server.untilReady(['server-1', 'agent-1', 'agent-2'])
    const range = pods[2]!.address.replace(/\.\d+$/, '.0/24')
    await expect
      .poll(() => hosts[1]!.output(`ip route show ${range}`), { timeout: 15_000 })
      .toContain(`via ${again.address}`)
  })

  async function put(text: string): Promise<string> {
    await hosts[0]!.writeFile('/root/object.json', text)
    return '/root/object.json'
  }
})
