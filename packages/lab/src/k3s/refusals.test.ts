import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { Lab } from '../lab.ts'
import { K3sHost } from './k3s-host.ts'

/** What k3s says no to, in its own words; each starts a k3s that has to end by itself. */
describe('the stand-in refuses', () => {
  let lab: Lab
  let host: Host
  const files = '/etc/rancher/k3s/config.yaml.d'

  beforeAll(async () => {
    lab = await Lab.create({ controlPlane: false })
    host = await lab.publicHost('lonely')
    await new K3sHost(host).place()
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  test.each([
    { it: 'an unknown key', config: 'node-ipp: 10.0.0.1', says: 'Unknown flag --node-ipp' },
    {
      it: 'a key of servers on an agent',
      role: 'agent',
      config: 'flannel-backend: host-gw',
      says: 'Unknown flag --flannel-backend',
    },
    { it: 'a boolean that is none', config: 'cluster-init: maybe', says: 'invalid boolean value "maybe"' },
    { it: 'a port that is no number', config: 'https-listen-port: https', says: 'invalid value "https"' },
    { it: 'YAML that is none', config: 'a: [b', says: 'yaml:' },
    {
      it: 'a mode it does not know',
      config: 'egress-selector-mode: tunnel',
      says: 'invalid egress-selector-mode tunnel',
    },
    { it: 'a cluster-cidr that is none', config: 'cluster-cidr: 10.42.0.0', says: 'invalid cluster-cidr 10.42.0.0' },
    { it: 'a service-cidr that is none', config: 'service-cidr: ten/16', says: 'invalid service-cidr ten/16' },
    { it: 'a service-cidr that is too wide', config: 'service-cidr: 10.0.0.0/8', says: 'must be >= 12' },
    {
      it: 'families out of step',
      config: 'cluster-cidr: 10.42.0.0/16\nservice-cidr: fd00:43::/112',
      says: 'must share the same IP version',
    },
    { it: 'a cluster-dns that is none', config: 'cluster-dns: dns', says: 'invalid cluster-dns address dns' },
    { it: 'a range of ports that is none', config: 'service-node-port-range: 32767-30000', says: 'invalid port range' },
    { it: 'a backend that went away', config: 'flannel-backend: ipsec', says: "unknown flannel backend 'ipsec'" },
    { it: 'disable-etcd alone', config: 'disable-etcd: true', says: '--server is required with --disable-etcd' },
    { it: 'a restore without a reset', config: 'cluster-reset-restore-path: /x', says: '--cluster-reset required' },
    {
      it: 'a reset while joining',
      config: 'cluster-reset: true\nserver: https://203.0.113.9:6443',
      says: 'cannot perform cluster-reset while server URL is set',
    },
    {
      it: 'a VPN other than Tailscale',
      config: 'vpn-auth: name=wireguard,joinKey=x',
      says: 'requested VPN: wireguard is not supported',
    },
    {
      it: 'an interface that is not there, with no node-ip',
      config: 'flannel-iface: span0',
      says: 'unable to find interface span0',
    },
    {
      it: 'a node-ip that is not here',
      config: 'node-ip: 10.90.0.9',
      says: 'failed to validate nodeIP: node IP: "10.90.0.9" not found',
    },
    {
      it: 'host-gw by addresses of the outside',
      config: 'flannel-backend: host-gw\nflannel-external-ip: true\nnode-external-ip: 198.51.100.77',
      says: 'your PublicIP differs from interface IP',
    },
    {
      it: 'a role given by label',
      config: 'node-label: [node-role.kubernetes.io/worker=true]',
      says: "unknown 'kubernetes.io' or 'k8s.io' labels",
    },
    {
      it: 'a bootstrap token for a server',
      config: 'token: abcdef.0123456789abcdef',
      says: 'failed to normalize server token',
    },
    { it: 'a token with a short hash', config: 'token: K10abc::server:x', says: 'invalid token CA hash length' },
    {
      it: 'an agent without a token',
      role: 'agent',
      config: 'server: https://203.0.113.9:6443',
      says: '--token is required',
    },
    { it: 'an agent without a server', role: 'agent', config: 'token: x', says: '--server is required' },
    {
      it: 'a server without TLS',
      role: 'agent',
      config: 'token: x\nserver: http://203.0.113.9:6443',
      says: 'only https:// URLs are supported',
    },
  ])('$it', async ({ role = 'server', config, says }) => {
    await host.writeFile(`${files}/10-test.yaml`, `${config}\n`)
    const ran = await host.exec(['k3s', role, '--data-dir', '/var/lib/rancher/try'], { timeoutMs: 30_000 })
    expect(ran.stderr).toContain(says.replaceAll('"', '\\"'))
    expect(ran.code).toBe(1)
    await host.output(`rm -rf /var/lib/rancher/try ${files}`)
  })

  test('a flag of the command line that it does not know', async () => {
    expect(await host.exec('k3s agent --advertise-address 10.0.0.1')).toMatchObject({ code: 1 })
  })

  test('files are read in the order of their names; a plus appends, a later value replaces', async () => {
    await host.writeFile('/etc/rancher/k3s/config.yaml', 'egress-selector-mode: pod\ntls-san: [a]\n')
    await host.writeFile(`${files}/20-b.yaml`, 'egress-selector-mode: second\ntls-san+: [c]\n')
    await host.writeFile(`${files}/10-a.yaml`, 'egress-selector-mode: first\n')
    await host.writeFile(`${files}/90-ignored.txt`, 'egress-selector-mode: third\n')
    expect((await host.exec('k3s server')).stderr).toContain('invalid egress-selector-mode second')
    expect((await host.exec('k3s server --egress-selector-mode fourth')).stderr).toContain('mode fourth')
    await host.output('rm -rf /etc/rancher/k3s')
  })
})
