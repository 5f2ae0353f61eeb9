import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { lan } from '../ipv4.ts'
import { K3sHost } from '../k3s/k3s-host.ts'
import type { Pod } from '../k3s/pod.ts'
import { PacketCount } from '../packet-count.ts'
import { ping } from '../ping.ts'
import { TcpStream } from '../tcp-stream.ts'
import { ClusterWorld } from './cluster-world.ts'

const SERVER = { cluster: { role: 'server' as const } }
const AGENT = { cluster: { role: 'agent' as const } }

/**
 * Two clusters of one organization, side by side on one Spanwire server, each what the other is not. `home` wraps pods by
 * vxlan, has two servers with etcd, the first of them the gateway, and an agent on an Oracle image. `office` has pods as
 * they are, one server with SQLite, and a gateway that knows nothing of Kubernetes.
 */
describe('two clusters of one organization', () => {
  let home: ClusterWorld
  let office: ClusterWorld
  let gateway: Host
  let oracle: Host
  let second: Host
  let plainGateway: Host
  let officeServer: Host
  let officeAgent: Host
  const addresses: Record<string, string> = {}
  const ids: Record<string, string> = {}
  const pods: Record<string, Pod> = {}

  beforeAll(async () => {
    home = await ClusterWorld.create({ flannelBackend: 'vxlan', datastore: 'etcd' })
    office = await home.beside('office')
    const { lab } = home.world
    const [homeA, homeB] = [await lab.home('home-a'), await lab.home('home-b')]
    ;[gateway, oracle, second, plainGateway, officeServer, officeAgent] = await Promise.all([
      lab.publicHost('gw-1'),
      lab.publicHost('oracle-1', { firewall: 'oracle-reject' }),
      homeA.host('server-2'),
      lab.publicHost('gw-office'),
      homeB.host('office-1'),
      homeA.host('office-2'),
    ])
  }, 240_000)
  afterAll(async () => await home?.[Symbol.asyncDispose]())

  test('their first servers join at once: one is the gateway of its network, the other stands behind one that has no k3s', async () => {
    await Promise.all([
      join(home, gateway, { role: 'gateway', endpoint: `${gateway.address}:51820`, ...SERVER }),
      joinBehind(office, plainGateway, officeServer),
    ])
    expect((await plainGateway.exec('ls -d /etc/rancher /usr/local/bin/k3s')).stdout).toBe('')
  })

  test('the rest joins at once: a second server with etcd, an agent on an Oracle image, an agent of the other cluster', async () => {
    const line = (await home.world.invite('oracle-1', AGENT)).line
    await home.releases.introduce(oracle)
    const refused = await oracle.exec(line, { timeoutMs: 60_000 })
    expect(refused.code).not.toBe(0)
    expect(refused.stdout + refused.stderr).toMatch(/host-firewall.*REJECT --reject-with icmp-host-prohibited/)
    await Promise.all([
      join(home, second, SERVER),
      join(office, officeAgent, AGENT),
      home.world.paste(oracle, `${line} --fix`),
    ])
    for (const [cluster, names] of [
      [home, ['gw-1', 'server-2', 'oracle-1']],
      [office, ['office-1', 'office-2']],
    ] as const) {
      const nodes = await cluster.untilNodes((all) => all.every(({ status }) => status === 'good'), 120_000)
      expect(nodes.map(({ nodeName }) => nodeName).sort()).toEqual([...names].sort())
      for (const { nodeName, nodeId, internalIp, addressFits } of nodes) {
        expect({ nodeName, addressFits }).toEqual({ nodeName, addressFits: true })
        addresses[nodeName] = internalIp ?? ''
        ids[nodeName] = nodeId
      }
    }
    expect(await oracle.output('iptables -S')).toContain('-j REJECT --reject-with icmp-host-prohibited')
  })

  test('vxlan: pods reach each other wrapped once more, with the room in each packet that this leaves', async () => {
    const count = await PacketCount.start(gateway, { vxlan: 'iifname "span0" udp dport 8472' })
    await runPods(home, gateway, [gateway, oracle, second])
    const [one, two] = [pods['oracle-1']!, pods['server-2']!]
    for (const host of [gateway, oracle, second]) {
      const link = JSON.parse(await host.output('ip -json link show flannel.1'))[0]
      expect({ host: host.name, mtu: link.mtu }).toEqual({ host: host.name, mtu: 1420 - 50 })
      expect(await host.readFile('/run/flannel/subnet.env')).toContain('FLANNEL_MTU=1370')
    }
    expect(await two.ask(one.address)).toMatchObject({ node: 'oracle-1', client: two.address })
    const stream = await TcpStream.open(one, two, two.address)
    await stream.moved(1_000_000, 30_000)
    expect((await stream.close()).ended).toBe('closed')
    // 1 MB in segments of what 1370 bytes leave.
    expect((await count.read()).vxlan).toBeGreaterThan(700)
  })

  test('a gateway without k3s carries pods that keep their addresses, and wraps nothing', async () => {
    const count = await PacketCount.start(plainGateway, {
      vxlan: 'udp dport 8472',
      pods: 'iifname "span0" tcp dport 5201',
    })
    await runPods(office, officeServer, [officeServer, officeAgent])
    const [one, two] = [pods['office-1']!, pods['office-2']!]
    expect(await one.ask(two.address)).toMatchObject({ node: 'office-2', client: one.address })
    expect(await two.ask(one.address)).toMatchObject({ node: 'office-1', client: two.address })
    const stream = await TcpStream.open(one, two, two.address)
    await stream.moved(1_000_000, 30_000)
    expect((await stream.close()).ended).toBe('closed')
    const { vxlan, pods: carried } = await count.read()
    expect(carried).toBeGreaterThan(500)
    expect(vxlan).toBe(0)
  })

  test('a node of one knows nothing of the other: no token, no range, no peer, no way to its pods', async () => {
    const sides = [
      { ...(await secretsOf(home, gateway)), hosts: [gateway, oracle, second], server: gateway },
      {
        ...(await secretsOf(office, officeServer)),
        hosts: [plainGateway, officeServer, officeAgent],
        server: officeServer,
      },
    ]
    for (const [mine, theirs] of [sides, [...sides].reverse()] as [Side, Side][]) {
      for (const host of mine.hosts) {
        expect(await knownOn(host, theirs), `${host.name} knows of the other cluster`).toEqual([])
      }
      expect(await knownOn(mine.server, mine)).toEqual([...mine.words, ...mine.ranges])
    }
    expect((await ping(pods['oracle-1']!, pods['office-2']!.address, { count: 2 })).received).toBe(0)
    expect((await ping(pods['office-1']!, pods['gw-1']!.address, { count: 2 })).received).toBe(0)
  })

  test('an agent goes on by the second server while it cannot reach the first, also when it starts anew meanwhile', async () => {
    const closed = `INPUT -i span0 -s ${addresses['oracle-1']} -p tcp --dport 6443 -j DROP`
    await gateway.output(`iptables -I ${closed}`)
    await oracle.output('systemctl restart k3s-agent', { timeoutMs: 120_000 })
    const kubernetes = new K3sHost(second)
    const renewed = async () => {
      const at = 'jsonpath={.spec.renewTime}'
      return Date.parse(await kubernetes.kubectl('-n', 'kube-node-lease', 'get', 'lease', 'oracle-1', '-o', at))
    }
    const before = Date.now()
    await expect.poll(renewed, { timeout: 60_000 }).toBeGreaterThan(before)
    await kubernetes.untilReady(['gw-1', 'oracle-1', 'server-2'])
    await gateway.output(`iptables -D ${closed}`)
  })

  async function join(cluster: ClusterWorld, host: Host, wish: Parameters<ClusterWorld['join']>[2]) {
    return cluster.join(host, host.name, wish)
  }

  async function joinBehind(cluster: ClusterWorld, inFront: Host, first: Host) {
    const endpoint = `${inFront.address}:51820`
    await cluster.world.join(inFront, inFront.name, { role: 'gateway', endpoint })
    await join(cluster, first, SERVER)
  }

  async function runPods(cluster: ClusterWorld, server: Host, hosts: Host[]) {
    const kubernetes = new K3sHost(server)
    for (const pod of await Promise.all(hosts.map((host) => cluster.pod(kubernetes, host)))) pods[pod.host.name] = pod
  }

  /** What only the members of a cluster and its network may know. */
  async function secretsOf(cluster: ClusterWorld, server: Host) {
    const { operator, network } = cluster.world
    const { cidr4 } = await operator.ask<{ cidr4: string }>('GET', `/networks/${network}`)
    type Answer = { settings: { podRange4: string; serviceRange4: string } }
    const { settings } = await operator.ask<Answer>('GET', `/networks/${network}/cluster`)
    const [, caHash = '', secret = ''] = /^K10([0-9a-f]{64})::server:(\S+)/.exec(
      await server.readFile('/var/lib/rancher/k3s/server/token'),
    )!
    return { words: [caHash, secret], ranges: [cidr4, settings.podRange4, settings.serviceRange4] }
  }

  /** Which words, and of which ranges an address, stand in what the machine has been told or does. */
  async function knownOn(host: Host, { words, ranges }: Pick<Side, 'words' | 'ranges'>): Promise<string[]> {
    const told = '/etc/rancher /etc/spanwire /etc/cni /var/lib/spanwire /var/lib/rancher/k3s/agent /run/spanwire'
    const script = `{ grep -rhaE '${[...words, '[0-9]+([.][0-9]+){3}'].join('|')}' ${told}
cat /var/lib/rancher/k3s/server/token; wg show all allowed-ips; ip addr; ip route; iptables-save; nft list ruleset; } 2>&1`
    const { stdout } = await host.exec(script)
    const isAddress = (text: string) => text.split('.').every((octet) => Number(octet) < 256)
    const seen = [...new Set(stdout.match(/\d+(\.\d+){3}/g))].filter(isAddress)
    const inRange = (range: string) => seen.some((address) => lan(range).has(address))
    return [...words.filter((word) => stdout.includes(word)), ...ranges.filter(inRange)]
  }
})

interface Side {
  words: string[]
  ranges: string[]
  hosts: Host[]
  server: Host
}
