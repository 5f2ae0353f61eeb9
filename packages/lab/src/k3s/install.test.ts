import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { Lab } from '../lab.ts'
import { K3sHost } from './k3s-host.ts'
import { K3sReleases } from './k3s-releases.ts'

const OLDER = 'v1.33.5+k3s1'

/** The installer's files and refusals, and a k3s that is made to fail. Each test goes on from the one before. */
describe.sequential('the installer', () => {
  let lab: Lab
  let releases: K3sReleases
  let host: Host
  let k3s: K3sHost

  beforeAll(async () => {
    lab = await Lab.create({ controlPlane: false })
    releases = await K3sReleases.create(lab, { versions: ['v1.34.1+k3s1', OLDER] })
    host = await lab.publicHost('vps')
    k3s = new K3sHost(host)
    await releases.introduce(host)
  })
  afterAll(() => lab?.[Symbol.asyncDispose]())

  const line = {
    INSTALL_K3S_VERSION: OLDER,
    K3S_NODE_NAME: 'vps',
    INSTALL_K3S_EXEC: 'server --write-kubeconfig-mode 644',
  }
  const install = (env: Record<string, string> = {}, args = '') =>
    host.exec(`curl -sfL https://get.k3s.io | sh -s - ${args}`, { env, timeoutMs: 60_000 })

  const refusals: { it: string; env: Record<string, string>; says: string }[] = [
    {
      it: 'an address without TLS',
      env: { K3S_URL: 'http://10.0.0.1:6443', K3S_TOKEN: 'x' },
      says: 'Only https:// URLs are supported for K3S_URL',
    },
    {
      it: 'an agent without a token',
      env: { K3S_URL: 'https://10.0.0.1:6443' },
      says: 'K3S_TOKEN or K3S_TOKEN_FILE is not defined',
    },
    { it: 'a version that is nowhere', env: { INSTALL_K3S_VERSION: 'v1.0.0+k3s1' }, says: 'Download failed' },
    {
      it: 'no program to skip the download for',
      env: { INSTALL_K3S_SKIP_DOWNLOAD: 'true' },
      says: 'Executable k3s binary not found at /usr/local/bin/k3s',
    },
  ]
  test.each(refusals)('refuses $it', async ({ env, says }) => {
    const ran = await install(env)
    expect(ran).toMatchObject({ code: 1 })
    expect(ran.stderr).toContain(says)
  })

  test('refuses a program that is not what its hash says', async () => {
    await releases.publishSpoilt(OLDER)
    const ran = await install({ INSTALL_K3S_VERSION: OLDER })
    expect(ran.stderr).toContain('Download sha256 does not match')
    expect((await host.exec('ls /usr/local/bin/k3s')).code).not.toBe(0)
    await releases.publish(OLDER)
  })

  test('serves another installer when told to, whose hash is another', async () => {
    const sum = async () => (await host.output('curl -sfL https://get.k3s.io | sha256sum')).slice(0, 64)
    expect(await sum()).toBe(releases.installerSha256)
    await releases.serveInstaller('#!/bin/sh\necho gotcha\n')
    expect(await sum()).not.toBe(releases.installerSha256)
    await releases.serveInstaller()
  })

  test('with a full disk k3s cannot start, and the installer says that the job failed', async () => {
    await k3s.fillDisk()
    const ran = await install(line)
    expect(ran.code).not.toBe(0)
    expect(ran.stderr).toContain('Job for k3s.service failed')
    expect(await host.output('journalctl -u k3s -n 5 --no-pager')).toContain('no space left on device')
    await host.output('systemctl stop k3s')
    await k3s.freeDisk()
  })

  test('writes unit, private environment and scripts; a k3s that crashes at its start fails the line', async () => {
    await k3s.spoil('crash-at-start')
    // The files are those of the line before, so the installer leaves a stopped k3s stopped: as the real one.
    expect((await install(line)).stdout).toContain('No change detected so skipping service start')
    expect((await install({ ...line, INSTALL_K3S_FORCE_RESTART: 'true' })).code).not.toBe(0)
    expect((await host.exec('systemctl is-active k3s')).stdout).toBe('activating\n')
    await k3s.mend()
    expect(await host.readFile('/etc/systemd/system/k3s.service')).toContain(
      "server \\\n\t'--write-kubeconfig-mode' \\\n\t'644'\n",
    )
    const modes =
      'stat -c "%a %n" /etc/systemd/system/k3s.service.env /usr/local/bin/k3s-killall.sh /usr/local/bin/k3s-uninstall.sh'
    expect(await host.output(modes)).toMatch(/^600 .*env\n755 .*killall.sh\n755 .*uninstall.sh\n$/)
    expect(await host.readFile('/etc/systemd/system/k3s.service.env')).toContain("K3S_NODE_NAME='vps'")
    // systemd starts it again after five seconds.
    await k3s.untilReady(['vps'])
    const checked = await host.output('k3s certificate check --output table')
    expect(checked).toMatch(
      /^serving-kube-apiserver.crt +k3s +ServerAuth +\w{3} \d\d, \d{4} \d\d:\d\d UTC +1 year +OK$/m,
    )
  })

  test('the same line again changes nothing; another version restarts k3s', async () => {
    const same = await install(line)
    expect(same.stdout).toContain('No change detected so skipping service start')
    const newer = await install({ ...line, INSTALL_K3S_VERSION: '' })
    expect(newer.stdout).toContain('Using v1.34.1+k3s1 as release')
    await expect
      .poll(() => k3s.nodes(), { timeout: 15_000 })
      .toMatchObject([{ version: 'v1.34.1+k3s1', ready: 'True' }])
  })

  test('a node that is told to be never Ready is not, and says why', async () => {
    await k3s.spoil('never-ready')
    await expect
      .poll(() => k3s.nodes(), { timeout: 15_000 })
      .toMatchObject([{ ready: 'False', reason: 'KubeletNotReady' }])
    await k3s.mend()
    await k3s.untilReady(['vps'])
  })

  test('k3s waits at boot for an interface that a unit before it makes', async () => {
    const unit =
      '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c "sleep 2; ip link add span0 type bridge; ip addr add 10.90.0.1/24 dev span0; ip link set span0 up"\n[Install]\nWantedBy=multi-user.target\n'
    await host.writeFile('/etc/systemd/system/overlay.service', unit)
    await host.writeFile(
      '/etc/systemd/system/k3s.service.d/10-overlay.conf',
      '[Unit]\nAfter=overlay.service\nWants=overlay.service\n',
    )
    await host.writeFile('/etc/rancher/k3s/config.yaml.d/10-overlay.yaml', 'node-ip: 10.90.0.1\nflannel-iface: span0\n')
    await host.output('systemctl daemon-reload && systemctl enable overlay')
    await host.reboot()
    await expect
      .poll(() => k3s.nodes().catch(() => []), { timeout: 30_000 })
      .toMatchObject([{ internalIp: '10.90.0.1', publicIp: '10.90.0.1', ready: 'True' }])
  })

  test('uninstalling leaves the machine as it was, but for the node password', async () => {
    await host.output('k3s-uninstall.sh', { timeoutMs: 60_000 })
    expect((await host.exec('ls /etc/rancher/k3s /var/lib/rancher/k3s /usr/local/bin/k3s')).stdout).toBe('')
    expect(await host.output('iptables-save')).not.toMatch(/KUBE-|CNI-|flannel/i)
    expect(await host.output('ip link')).not.toContain('cni0')
    expect(await host.output('ls /etc/rancher/node')).toContain('password')
    expect(host.processes(/k3s/)).toEqual([])
  })
})
