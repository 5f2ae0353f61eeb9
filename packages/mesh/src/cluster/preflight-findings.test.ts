import { expect, test } from 'vitest'
import { parsePrefix } from '../ip/prefix.ts'
import golden from './golden/preflight.txt?raw'
import { full, plain, walled } from './golden-clusters.ts'
import { parsePreflight } from './parse-preflight.ts'
import { PREFLIGHT_CODES } from './preflight-codes.ts'
import type { PreflightContext } from './preflight-context.ts'
import { blocking, preflightFindings } from './preflight-findings.ts'
import { parseK3sVersion } from './version.ts'

const prefix = (text: string) => {
  const parsed = parsePrefix(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
const version = (text: string) => {
  const parsed = parseK3sVersion(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
const join: NonNullable<PreflightContext['join']> = {
  role: 'agent',
  cluster: plain,
  version: version('v1.36.2+k3s1'),
  serverVersion: version('v1.36.2+k3s1'),
  nodeNames: ['server-1'],
  isNameRemembered: false,
  isRunning: false,
}
const context: PreflightContext = {
  nodeName: 'home-1',
  network: { overlay4: prefix('10.77.0.0/16'), ula: prefix('fd12:3456:789a::/48'), mtu: 1420, interfaceName: 'span0' },
  isGateway: false,
  isControlPlane: false,
  join,
  elsewhere: [],
}

/** The golden facts, those of the given lines instead of their own, and further ones. */
const machine = (...lines: string[]) => {
  const keys = new Set(lines.map((line) => line.split(' ', 1)[0]))
  const single = golden
    .split('\n')
    .filter((line) => !keys.has(line.split(' ', 1)[0]) || /^(module|route|listen|docker-range|address) /.test(line))
  const parsed = parsePreflight([...single, ...lines].join('\n'))
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}
const codes = (lines: string[], over: Partial<PreflightContext> = {}) =>
  preflightFindings(machine(...lines), { ...context, ...over }).map(({ code }) => code)

test('a good machine has Docker on it, and nothing in its way', () => {
  const findings = preflightFindings(machine(), context)
  expect(findings.map(({ code }) => code)).toEqual(['docker-present'])
  expect(blocking(findings, false)).toEqual([])
})

const server = { join: { ...join, role: 'server' as const } }
const etcd = { join: { ...join, role: 'server' as const, cluster: { ...plain, datastore: 'etcd' as const } } }

test.each<{ it: string; lines: string[]; over?: Partial<PreflightContext>; want: string; sentence: string }>([
  {
    it: 'no WireGuard',
    lines: ['wireguard none'],
    want: 'no-wireguard',
    sentence: 'neither in its kernel nor beside it',
  },
  {
    it: 'WireGuard as a program',
    lines: ['wireguard wireguard-go'],
    want: 'wireguard-userspace',
    sentence: '(wireguard-go)',
  },
  { it: 'another processor', lines: ['arch riscv64'], want: 'arch-unsupported', sentence: 'no program for riscv64' },
  { it: 'no init', lines: ['init none'], want: 'no-init', sentence: 'neither systemd nor OpenRC' },
  {
    it: 'no memory controller',
    lines: ['cgroup-controllers cpuset cpu pids'],
    want: 'cgroup-missing',
    sentence: 'controller memory is switched off',
  },
  { it: 'no cgroups', lines: ['cgroup none'], want: 'cgroup-missing', sentence: 'has no cgroups' },
  { it: 'cgroup v1 and Kubernetes 1.36', lines: ['cgroup v1'], want: 'cgroup-v1', sentence: '1.36 does not start' },
  {
    it: 'no module for VXLAN',
    lines: ['module vxlan missing'],
    over: { join: { ...join, cluster: walled } },
    want: 'module-missing',
    sentence: 'no vxlan',
  },
  {
    it: 'no br_netfilter',
    lines: ['module br_netfilter missing'],
    want: 'module-missing',
    sentence: 'no br_netfilter',
  },
  { it: 'no default route', lines: ['default-route no'], want: 'no-default-route', sentence: 'no default route' },
  { it: 'nm-cloud-setup', lines: ['nm-cloud-setup yes'], want: 'nm-cloud-setup', sentence: 'removes routes' },
  {
    it: 'a server of 1 GB',
    lines: ['memory-kb 1048576'],
    over: server,
    want: 'memory-low',
    sentence: '1024 MB of memory are little for a k3s server',
  },
  { it: 'an agent of 128 MB', lines: ['memory-kb 131072'], want: 'memory-too-small', sentence: '128 MB' },
  { it: 'a server of one core', lines: ['cpus 1'], over: server, want: 'cpus-few', sentence: 'one core' },
  {
    it: 'a full disk',
    lines: ['disk /var/lib 204800 52428800'],
    want: 'disk-full',
    sentence: '/var/lib has 200 MB left',
  },
  { it: 'a nearly full disk', lines: ['disk /var/lib 5242880 52428800'], want: 'disk-low', sentence: '10 % of it' },
  {
    it: 'a clock an hour off',
    lines: ['clock-skew-ms -3600000'],
    want: 'clock-wrong',
    sentence: 'clock is 60 min behind the server',
  },
  {
    it: 'a clock that nothing keeps',
    lines: ['clock-synced no'],
    want: 'clock-off',
    sentence: 'nothing keeps the clock',
  },
  { it: 'a resolver on loopback', lines: ['resolver no'], want: 'no-resolver', sentence: 'on loopback' },
  {
    it: 'SELinux in an air gap',
    lines: ['selinux enforcing'],
    over: { join: { ...join, cluster: { ...plain, airGap: true } } },
    want: 'selinux-air-gap',
    sentence: 'its policy',
  },
  {
    it: 'a LAN in the pods',
    lines: ['address 10.42.3.7/24 eth0'],
    want: 'range-overlap',
    sentence: 'the range of the pods, 10.42.0.0/16, meets 10.42.3.0/24, which the interface eth0 uses here',
  },
  {
    it: 'Docker in the services',
    lines: ['docker-range 10.43.128.0/17 br-4711'],
    want: 'range-overlap',
    sentence: "which Docker's network br-4711 uses here",
  },
  {
    it: 'a VPN in the overlay',
    lines: ['vpn 10.77.9.0/24 tun0'],
    want: 'range-overlap',
    sentence: 'the range of the overlay, 10.77.0.0/16, meets 10.77.9.0/24, which the VPN tun0',
  },
  {
    it: 'a wider route',
    lines: ['route 10.0.0.0/8 eth1'],
    want: 'range-overlap',
    sentence: 'hides a part of 10.0.0.0/8, which a route through eth1',
  },
  {
    it: "another machine's LAN",
    lines: [],
    over: { elsewhere: [{ prefix: prefix('10.42.8.0/24'), by: 'the LAN of home-2' }] },
    want: 'range-overlap-elsewhere',
    sentence: '10.42.8.0/24, the LAN of home-2',
  },
  {
    it: 'no UDP',
    lines: ['udp-gateway no-answer'],
    want: 'udp-blocked',
    sentence: 'nothing comes back from the gateway',
  },
  {
    it: 'a narrow way',
    lines: ['path-mtu 1400'],
    want: 'mtu-low',
    sentence: 'carries 1400 bytes, which leaves 1340 for the tunnel, and the network has 1420',
  },
  {
    it: 'a firewalld that drops IPv6 of two ways',
    lines: ['ipv6-rpfilter strict'],
    want: 'ipv6-filter-strict',
    sentence: 'drops IPv6 that comes by another interface',
  },
  { it: 'a hard NAT', lines: ['nat hard'], want: 'nat-hard', sentence: 'another port for each peer' },
  {
    it: 'a port that kubelet needs',
    lines: ['listen tcp 0.0.0.0 10250 nginx'],
    want: 'port-in-use',
    sentence: 'nginx listens on TCP 10250, which kubelet needs',
  },
  {
    it: 'a port that etcd needs',
    lines: ['listen tcp 127.0.0.1 2379 etcd'],
    over: etcd,
    want: 'port-in-use',
    sentence: 'etcd listens on TCP 2379',
  },
  {
    it: 'a port that VXLAN needs',
    lines: ['listen udp 0.0.0.0 8472 x'],
    over: { join: { ...join, cluster: walled } },
    want: 'port-in-use',
    sentence: 'UDP 8472, which VXLAN needs',
  },
  {
    it: 'a web server',
    lines: ['listen tcp 0.0.0.0 443 caddy'],
    want: 'servicelb-takes-web-ports',
    sentence: 'caddy is reached here at port 443',
  },
  {
    it: 'the one VPS that is everything',
    lines: ['listen tcp :: 443 node'],
    over: { isControlPlane: true, isGateway: true, ...server },
    want: 'servicelb-takes-web-ports',
    sentence: 'It is control plane, gateway and k3s at once.',
  },
  {
    it: 'a firewall that rejects pods',
    lines: ['firewall firewalld forward reject pods reject with icmpx admin-prohibited'],
    want: 'host-firewall',
    sentence: "firewalld rejects the cluster's pods in its forward rules",
  },
  {
    it: "somebody else's k3s",
    lines: ['k3s-version v1.33.4+k3s1', 'k3s-role server'],
    want: 'kubernetes-present',
    sentence: 'that Spanwire did not install',
  },
  {
    it: 'our k3s in another role',
    lines: ['k3s-version v1.36.2+k3s1', 'k3s-role server', 'k3s-ours yes'],
    want: 'kubernetes-present',
    sentence: 'was asked to be an agent',
  },
  { it: 'kubeadm', lines: ['kubeadm yes'], want: 'kubernetes-present', sentence: 'kubeadm made' },
  {
    it: 'a name that another node has',
    lines: [],
    over: { join: { ...join, nodeNames: ['home-1'] } },
    want: 'name-taken',
    sentence: 'another node called home-1',
  },
  {
    it: 'a machine installed anew',
    lines: [],
    over: { join: { ...join, isNameRemembered: true } },
    want: 'node-password',
    sentence: 'Node password rejected',
  },
  {
    it: 'a release that loses flannel',
    lines: [],
    over: { join: { ...join, version: version('v1.34.8+k3s1') } },
    want: 'release-loses-flannel',
    sentence: 'until k3s is restarted',
  },
  {
    it: 'an agent newer than its servers',
    lines: [],
    over: { join: { ...join, serverVersion: version('v1.35.7+k3s1') } },
    want: 'version-skew',
    sentence: 'upgrade the servers first',
  },
  {
    it: 'a later file with our key',
    lines: ['config-key /etc/rancher/k3s/config.yaml.d/90-mine.yaml node-ip'],
    want: 'config-overridden',
    sentence: '90-mine.yaml sets node-ip after Spanwire does',
  },
])('$it: $want', ({ lines, over, want, sentence }) => {
  const findings = preflightFindings(machine(...lines), { ...context, ...over })
  const hit = findings.find(({ code }) => code === want)
  expect(findings.map(({ code }) => code)).toContain(want)
  expect(hit?.sentence).toContain(sentence)
  expect(hit?.evidence).not.toBe('')
  expect(hit?.fix).toMatch(/[.:]$|[.] |mend/)
})

test.each<{ it: string; lines: string[]; over?: Partial<PreflightContext>; not: string }>([
  {
    it: 'our own tunnel is no overlap',
    lines: ['address 10.77.0.2/16 span0', 'route 10.77.0.0/16 span0', 'route 10.42.0.0/16 span0d'],
    not: 'range-overlap',
  },
  {
    it: 'the bridge of our own k3s is none',
    lines: ['k3s-ours yes', 'k3s-role agent', 'address 10.42.1.1/24 cni0'],
    not: 'range-overlap',
  },
  { it: 'a default route is none', lines: ['route 0.0.0.0/0 eth0'], not: 'range-overlap' },
  {
    it: 'ports of our own k3s are its own',
    lines: ['k3s-ours yes', 'k3s-role agent', 'listen tcp 0.0.0.0 10250 k3s-agent'],
    not: 'port-in-use',
  },
  {
    it: 'web ports are free when Traefik is off',
    lines: ['listen tcp 0.0.0.0 443 caddy'],
    over: { join: { ...join, cluster: full } },
    not: 'servicelb-takes-web-ports',
  },
  { it: 'etcd does not hurt an agent', lines: ['listen tcp 127.0.0.1 2379 etcd'], not: 'port-in-use' },
  {
    it: 'a gateway does not knock at a gateway',
    lines: ['udp-gateway no-answer'],
    over: { isGateway: true },
    not: 'udp-blocked',
  },
  {
    it: 'the machine that has its password is let in again',
    lines: ['node-password yes'],
    over: { join: { ...join, isNameRemembered: true } },
    not: 'node-password',
  },
  {
    it: 'a file that is read before ours loses',
    lines: ['config-key /etc/rancher/k3s/config.yaml.d/05-mine.yaml node-ip'],
    not: 'config-overridden',
  },
  {
    it: 'whatever listens on the ports of a k3s that runs is k3s',
    lines: ['k3s-ours yes', 'k3s-role agent', 'listen tcp 0.0.0.0 10250 node'],
    over: { join: { ...join, isRunning: true } },
    not: 'port-in-use',
  },
  {
    it: 'the name of a node that runs is its own',
    lines: [],
    over: { join: { ...join, isNameRemembered: true, isRunning: true } },
    not: 'node-password',
  },
  {
    it: 'interfaces of another CNI are within their pods',
    lines: ['route 10.42.3.0/26 cilium_host'],
    over: { join: { ...join, cluster: { ...plain, flannelBackend: 'none' }, isRunning: true } },
    not: 'range-overlap',
  },
  { it: 'a binary for the air gap is no cluster', lines: ['k3s-version v1.36.2+k3s1'], not: 'kubernetes-present' },
])('$it', ({ lines, over, not }) => expect(codes(lines, over)).not.toContain(not))

test('who joins the network only is asked nothing about Kubernetes', () =>
  expect(
    codes(
      [
        'init none',
        'cgroup none',
        'memory-kb 1000',
        'listen tcp :: 443 x',
        'k3s-role server',
        'address 10.42.0.1/16 eth1',
        'wireguard none',
      ],
      { join: null },
    ),
  ).toEqual(['no-wireguard', 'docker-present']))

test('cgroup v1 stops 1.36 and warns 1.34', () => {
  const of = (text: string) =>
    preflightFindings(machine('cgroup v1'), {
      ...context,
      join: { ...join, version: version(text), serverVersion: null },
    }).find(({ code }) => code === 'cgroup-v1')
  expect(of('v1.36.2+k3s1')).toMatchObject({ blocks: true, severity: 'critical' })
  expect(of('v1.34.9+k3s1')).toMatchObject({ blocks: false, severity: 'warning' })
})

test('--fix goes on past what it mends, and past nothing else', () => {
  const rule = 'firewall iptables input reject overlay -A INPUT -j REJECT --reject-with icmp-host-prohibited'
  const mendable = preflightFindings(machine(rule), context)
  expect(blocking(mendable, false).map(({ code }) => code)).toEqual(['host-firewall'])
  expect(blocking(mendable, true)).toEqual([])
  const both = preflightFindings(machine(rule, 'udp-gateway no-answer'), context)
  expect(blocking(both, true).map(({ code }) => code)).toEqual(['udp-blocked'])
})

test('what blocks comes first', () => {
  const findings = preflightFindings(
    machine('udp-gateway no-answer', 'path-mtu 1300', 'cgroup v1', 'nat hard'),
    context,
  )
  const blocks = findings.map((finding) => finding.blocks)
  expect(blocks).toEqual([...blocks].sort((a, b) => Number(b) - Number(a)))
})

test('every code has a fix that says what to do', () => {
  for (const rule of Object.values(PREFLIGHT_CODES)) expect(rule.fix.length).toBeGreaterThan(20)
})
