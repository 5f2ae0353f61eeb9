import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import type { HostProcess } from '../host-process.ts'
import { createAuthority, sign } from '../k3s/binary/certificates.ts'
import { K3sHost } from '../k3s/k3s-host.ts'
import { ClusterWorld } from './cluster-world.ts'
import type { World } from './world.ts'

interface Failure {
  it: string
  /** Before the line is pasted. */
  spoil: (agent: K3sHost) => Promise<unknown>
  /** While k3s is about to join. */
  meanwhile?: (agent: K3sHost) => Promise<unknown>
  /** The step of the ledger that it ends in, and what that says. */
  step: string
  says: RegExp
  fix: RegExp
  /** None: it goes on by itself, still for the first paste. */
  mend?: (agent: K3sHost) => Promise<unknown>
}

/** What goes wrong when a machine joins a cluster: each ends in a named step with its fix, and the same line goes on from there. */
describe.sequential('a join that fails', () => {
  let cluster: ClusterWorld
  let world: World
  let gateway: Host
  let impostor: HostProcess

  beforeAll(async () => {
    cluster = await ClusterWorld.create()
    world = cluster.world
    gateway = await world.lab.publicHost('gw-1')
    const endpoint = `${gateway.address}:51820`
    await cluster.join(gateway, 'gw-1', { role: 'gateway', endpoint, cluster: { role: 'server' } })
  }, 300_000)
  afterAll(async () => await cluster?.[Symbol.asyncDispose]())

  const failures: Failure[] = [
    {
      it: 'an installer with another SHA-256',
      spoil: () => cluster.releases.serveInstaller('#!/bin/sh\ntouch /root/was-run\n'),
      step: 'k3s-installed',
      says: /has the SHA-256 [0-9a-f]{64}, which is not/,
      fix: /SHA-256/,
      mend: () => cluster.releases.serveInstaller(),
    },
    {
      it: 'a disk that is full',
      spoil: (agent) => agent.fillDisk(),
      // Looked for before anything is done.
      step: 'api-reachable',
      says: /the disk of \/var\/lib\/rancher has 0 MB left/,
      fix: /Free some space/,
      mend: (agent) => agent.freeDisk(),
    },
    {
      it: 'a server that shows another certificate authority',
      spoil: async ({ host }) => {
        impostor = await impersonate(host)
      },
      step: 'api-reachable',
      says: /another certificate authority/,
      fix: /certificate/,
      mend: async ({ host }) => {
        await impostor.stop()
        await host.output('iptables -t nat -D OUTPUT -d 10.77.0.1 -p tcp --dport 6443 -j REDIRECT --to-ports 7443')
      },
    },
    {
      it: 'a token that the server does not know',
      // Another one is made for it.
      spoil: (agent) => agent.spoil('slow-start', 6),
      meanwhile: (agent) => whenStarting(agent, `k3s token delete $1`),
      step: 'k3s-installed',
      says: /401 Unauthorized/,
      fix: /Paste the line again/,
    },
    {
      it: 'a token that has expired',
      spoil: (agent) => agent.spoil('slow-start', 6),
      meanwhile: (agent) =>
        whenStarting(
          agent,
          `k3s kubectl -n kube-system patch secret bootstrap-token-$1 -p '{"data":{"expiration":"MjAyMC0wMS0wMVQwMDowMDowMFo="}}'`,
        ),
      step: 'k3s-installed',
      says: /401 Unauthorized/,
      fix: /Paste the line again/,
    },
    {
      it: 'a server whose firewall closed its API',
      spoil: () => gateway.output('iptables -I INPUT -i span0 -p tcp --dport 6443 -j DROP'),
      step: 'api-reachable',
      says: /https:\/\/10\.77\.0\.1:6443 does not answer from here through the tunnel/,
      fix: /firewall lets port 6443 in/,
      mend: () => gateway.output('iptables -D INPUT -i span0 -p tcp --dport 6443 -j DROP'),
    },
  ]

  test.each(failures)('$it: it says so, and the second paste goes on', async ({ it, step, says, fix, ...failure }) => {
    const name = `vps-${failures.findIndex((each) => each.it === it) + 1}`
    const host = await world.lab.publicHost(name)
    const agent = new K3sHost(host)
    await cluster.releases.introduce(host)
    const invitation = await world.invite(name, { cluster: { role: 'agent' } })
    await failure.spoil(agent)
    const pasting = host.exec(invitation.line, { timeoutMs: 300_000 })
    await failure.meanwhile?.(agent)
    const ledger = await world.untilLedger(
      invitation.id,
      ({ steps }) => steps.some(({ state }) => state === 'failed'),
      120_000,
    )
    const failed = ledger.steps.find(({ state }) => state === 'failed')
    expect(failed).toMatchObject({ step, evidence: expect.stringMatching(says), fix: expect.stringMatching(fix) })
    const pasted = await pasting
    expect(pasted.code === 0, pasted.stdout + pasted.stderr).toBe(failure.mend === undefined)
    expect((await host.exec('ls /root/was-run')).code).not.toBe(0)
    await failure.mend?.(agent)
    await world.paste(host, invitation.line)
    await world.untilLedger(invitation.id, ({ done }) => done, 120_000)
    await host.powerOff()
  })

  test('a server that is away: the ledger says what is waited for, and goes on by itself when it is back', async () => {
    const host = await world.lab.publicHost('vps-waits')
    await cluster.releases.introduce(host)
    await gateway.output('systemctl stop k3s')
    await cluster.untilNodes(([server]) => server?.service === 'inactive', 30_000)
    const invitation = await world.invite('vps-waits', { cluster: { role: 'agent' } })
    const pasting = world.paste(host, invitation.line)
    const waits = /^waiting for gw-1, where k3s does not run, last heard \d+ s ago$/
    const ledger = await world.untilLedger(
      invitation.id,
      ({ steps }) => waits.test(steps.find(({ step }) => step === 'api-reachable')?.evidence ?? ''),
      60_000,
    )
    expect(stateOf(ledger.steps, 'api-reachable')).toBe('waiting')
    await gateway.output('systemctl start k3s', { timeoutMs: 60_000 })
    await pasting
    await world.untilLedger(invitation.id, ({ done }) => done, 120_000)
    await host.powerOff()
  })

  test('a node that never becomes Ready: its step runs out of time with the reason, and goes on when it is mended', async () => {
    const host = await world.lab.publicHost('vps-late')
    const agent = new K3sHost(host)
    await cluster.releases.introduce(host)
    const invitation = await world.invite('vps-late', { cluster: { role: 'agent' } })
    await agent.spoil('never-ready')
    await world.paste(host, invitation.line)
    await world.untilLedger(invitation.id, ({ steps }) => stateOf(steps, 'registered') === 'green', 60_000)
    await world.server.skipAhead(11 * 60)
    const ledger = await world.untilLedger(
      invitation.id,
      ({ steps }) => /timed-out|failed/.test(stateOf(steps, 'ready') ?? ''),
      60_000,
    )
    const late = ledger.steps.find(({ step }) => step === 'ready')
    expect(late?.evidence).toMatch(/not Ready/)
    expect(late?.fix).toMatch(/registry|mirror|log/)
    await agent.mend()
    await world.paste(host, invitation.line)
    await world.untilLedger(invitation.id, ({ done }) => done, 120_000)
  })

  const stateOf = (steps: { step: string; state: string }[], name: string) =>
    steps.find(({ step }) => step === name)?.state

  /** Runs a line on the server when the agent's k3s has started and not joined yet; `$1` is the id of its token. */
  async function whenStarting({ host }: K3sHost, line: string): Promise<void> {
    await expect.poll(() => host.journal('k3s-agent'), { timeout: 120_000 }).toContain('Starting k3s agent')
    const token = await host.readFile('/etc/rancher/k3s/spanwire-token')
    await gateway.output(['sh', '-ec', line, 'sh', /::([a-z0-9]{6})\./.exec(token)?.[1] ?? ''])
  }

  /** Somebody else answers where the machine looks for the server. */
  async function impersonate(host: Host): Promise<HostProcess> {
    const authority = await createAuthority('impostor')
    const { certificate, key } = await sign(authority, { commonName: 'impostor', names: ['10.77.0.1'] })
    await host.writeFile('/root/impostor.json', JSON.stringify({ cert: certificate, key, ca: authority.certificate }))
    const code = `const keys = JSON.parse(require('node:fs').readFileSync('/root/impostor.json', 'utf8'))
require('node:https').createServer(keys, (_, answer) => answer.end(keys.ca)).listen(7443, () => console.log('listening'))`
    const running = host.spawn([process.execPath, '-e', code])
    await running.waitFor(/listening/)
    await host.output('iptables -t nat -A OUTPUT -d 10.77.0.1 -p tcp --dport 6443 -j REDIRECT --to-ports 7443')
    return running
  }
})
