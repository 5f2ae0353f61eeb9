import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Home } from '../home.ts'
import type { Host } from '../host.ts'
import type { HostProcess } from '../host-process.ts'
import { Lab } from '../lab.ts'
import { ApiWatch } from './api-watch.ts'
import { K3sHost } from './k3s-host.ts'

/** A cluster with embedded etcd and an agent token of its own; who may join it, and who may not. */
describe.sequential('joining', () => {
  let lab: Lab
  let home: Home
  let first: Host
  let joiner: Host
  let url: string
  let caHash: string

  beforeAll(async () => {
    lab = await Lab.create({ controlPlane: false })
    home = await lab.home('lan')
    first = await home.host('first')
    joiner = await home.host('joiner')
    url = `https://${first.address}:6443`
    await new K3sHost(first).place()
    await new K3sHost(joiner).place()
    const shared =
      'token: the-server-token\nagent-token: the-agent-token\nflannel-backend: host-gw\ndisable: [traefik]\n'
    await first.writeFile('/etc/rancher/k3s/config.yaml', `cluster-init: true\n${shared}`)
    await joiner.writeFile('/root/same.yaml', `server: ${url}\n${shared}`)
    await first.output('INSTALL_K3S_SKIP_DOWNLOAD=true /root/install.sh', { timeoutMs: 60_000 })
    await new K3sHost(first).untilReady(['first'])
    caHash = (await first.output('sha256sum /var/lib/rancher/k3s/server/tls/server-ca.crt')).slice(0, 64)
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  /** From a data directory of its own each time. */
  const start = (role: string, ...args: string[]): HostProcess =>
    joiner.spawn([
      'sh',
      '-c',
      'rm -rf /var/lib/rancher/try; exec k3s "$@" --data-dir /var/lib/rancher/try',
      'sh',
      role,
      ...args,
    ])

  test.each([
    {
      it: 'another CA',
      token: () => `K10${'0'.repeat(64)}::node:the-agent-token`,
      says: /token CA hash does not match the Cluster CA certificate hash: 0{64} != /,
    },
    { it: 'a wrong password', token: () => `K10${caHash}::node:wrong`, says: /v1-k3s\/config: 401 Unauthorized/ },
    {
      it: 'the server token, since there is an agent token',
      token: () => `K10${caHash}::server:the-server-token`,
      says: /401 Unauthorized/,
    },
    {
      it: 'a bootstrap token that nobody made',
      token: () => `K10${caHash}::abcdef.0123456789abcdef`,
      says: /401 Unauthorized/,
    },
  ])('an agent with $it goes on asking in vain', async ({ token, says }) => {
    await using agent = start('agent', '--server', url, '--token', token())
    await agent.waitFor(says, 30_000)
    expect(agent.running).toBe(true)
  })

  test('an agent whose bootstrap token has expired goes on asking in vain', async () => {
    const token = (await first.output('k3s token create --ttl 1s')).trim()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await using agent = start('agent', '--server', url, '--token', token)
    await agent.waitFor(/401 Unauthorized/, 30_000)
  })

  test('an agent whose server is away says so, and joins when it is back', async () => {
    const token = (await first.output('k3s token create')).trim()
    await first.output('systemctl stop k3s')
    await using agent = start('agent', '--server', url, '--token', token, '--node-name', 'late')
    await agent.waitFor(/failed to get CA certs/, 30_000)
    await first.output('systemctl start k3s', { timeoutMs: 60_000 })
    await agent.waitFor(/agent is up and running/, 60_000)
  })

  test.each([
    {
      it: 'a bootstrap token',
      args: () => ['--token', `K10${caHash}::abcdef.0123456789abcdef`],
      says: /failed to normalize server token/,
    },
    { it: 'the agent token', args: () => ['--token', 'the-agent-token'], says: /server-bootstrap: 401 Unauthorized/ },
    {
      it: 'another pod range',
      args: () => ['--cluster-cidr', '10.99.0.0/16'],
      says: /mismatched: cluster-cidr[\s\S]*critical configuration value mismatch between servers/,
    },
    {
      it: 'another backend',
      args: () => ['--flannel-backend', 'vxlan'],
      says: /critical configuration value mismatch between servers/,
    },
  ])('a server with $it ends', async ({ args, says }) => {
    await using server = start('server', '--config', '/root/same.yaml', ...args())
    expect(await server.exited).toBe(1)
    expect(server.stderr).toMatch(says)
  })

  test('an older server ends', async () => {
    await new K3sHost(joiner).place('v1.33.5+k3s1')
    await using server = start('server', '--config', '/root/same.yaml')
    expect(await server.exited).toBe(1)
    expect(server.stderr).toContain('incompatible down-level server detected')
    await new K3sHost(joiner).place()
  })

  test('a server that cannot reach etcd ends', async () => {
    await first.output('iptables -I INPUT -p tcp --dport 2380 -j REJECT')
    await using server = start('server', '--config', '/root/same.yaml')
    expect(await server.exited).toBe(1)
    expect(server.stderr).toContain(`etcd cluster join failed: dial tcp ${first.address}:2380`)
    await first.output('iptables -D INPUT -p tcp --dport 2380 -j REJECT')
  })

  test('a second server with the same values joins, and knows the same cluster', async () => {
    await first.output('k3s kubectl delete node late')
    await joiner.output('rm -rf /var/lib/rancher /etc/rancher/node')
    await joiner.writeFile('/etc/rancher/k3s/config.yaml', await joiner.readFile('/root/same.yaml'))
    await joiner.output('INSTALL_K3S_SKIP_DOWNLOAD=true /root/install.sh server', { timeoutMs: 60_000 })
    await new K3sHost(joiner).untilReady(['first', 'joiner'])
    await using watch = await ApiWatch.open(joiner, joiner.address, 6443)
    await watch.heard(1)
    await expect
      .poll(() => first.output("k3s kubectl get endpoints kubernetes -o jsonpath='{.subsets[0].addresses[*].ip}'"), {
        timeout: 15_000,
      })
      .toBe(`${first.address} ${joiner.address}`)
  })

  test('a person’s certificate is signed on request, and may what its group may', async () => {
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'readers' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'Group', name: 'readers' }],
    }
    await first.writeFile('/root/binding.json', JSON.stringify(binding))
    await first.output('k3s kubectl apply -f /root/binding.json')
    const key = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const keys = await webcrypto.subtle.generateKey(key, true, ['sign', 'verify'])
    const csr = await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'O=readers,CN=ada',
      keys: keys as never,
      signingAlgorithm: key,
    })
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
    await first.writeFile('/root/ada.key', x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'))
    const request = {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: 'ada' },
      spec: {
        request: Buffer.from(csr.toString('pem')).toString('base64'),
        signerName: 'kubernetes.io/kube-apiserver-client',
        expirationSeconds: 3600,
        usages: ['client auth'],
      },
    }
    await first.writeFile('/root/request.json', JSON.stringify(request))
    await first.output('k3s kubectl apply -f /root/request.json && k3s kubectl certificate approve ada')
    await first.output(
      "k3s kubectl wait csr/ada --for=jsonpath='{.status.certificate}' && k3s kubectl get csr ada -o jsonpath='{.status.certificate}' | base64 -d > /root/ada.crt",
    )
    const ask = (path: string) => first.output(`curl -sk --cert /root/ada.crt --key /root/ada.key ${url}${path}`)
    expect(JSON.parse(await ask('/api/v1/namespaces/default/services')).kind).toBe('ServiceList')
    expect(JSON.parse(await ask('/api/v1/namespaces/kube-system/secrets')).message).toContain(
      'User "ada" cannot list resource "secrets"',
    )
  })
})
