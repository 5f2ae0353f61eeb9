import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import type { HostProcess } from '../host-process.ts'
import { createAuthority, sign } from '../k3s/binary/certificates.ts'
import { K3sHost } from '../k3s/k3s-host.ts'
import { K3sReleases } from '../k3s/k3s-releases.ts'
import { ClusterWorld } from './cluster-world.ts'
import type { LedgerAnswer, World } from './world.ts'

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
  /** None: it mends itself, often while the first paste still looks. */
  mend?: (agent: K3sHost) => Promise<unknown>
}

/**
 * What goes wrong when a machine joins a cluster: each ends in a named step with its fix, and the same line goes on from there.
 * What goes wrong on one machine only happens to several side by side; the rest one after the other.
 */
describe('a join that fails', () => {
  let cluster: ClusterWorld
  let world: World
  let gateway: Host
  let spoilt: K3sReleases
  let impostor: HostProcess
  let late: { id: string; line: string; agent: K3sHost }

  beforeAll(async () => {
    cluster = await ClusterWorld.create()
    world = cluster.world
    spoilt = await K3sReleases.create(world.lab, { name: 'not-get-k3s-io', versions: [] })
    await spoilt.serveInstaller('#!/bin/sh\ntouch /root/was-run\n')
    gateway = await world.lab.publicHost('gw-1')
    const endpoint = `${gateway.address}:51820`
    await cluster.join(gateway, 'gw-1', { role: 'gateway', endpoint, cluster: { role: 'server' } })
  }, 300_000)
  afterAll(async () => await cluster?.[Symbol.asyncDispose]())

  const failures: Failure[] = [
    {
      it: 'an installer with another SHA-256',
      spoil: ({ host }) => spoilt.introduce(host),
      step: 'k3s-installed',
      says: /has the SHA-256 [0-9a-f]{64}, which is not/,
      fix: /SHA-256/,
      mend: ({ host }) => cluster.releases.introduce(host),
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
      it: 'an API that a firewall on the way keeps closed',
      spoil: ({ host }) => host.output('iptables -I OUTPUT -o span0 -p tcp --dport 6443 -j DROP'),
      step: 'api-reachable',
      says: /https:\/\/10\.77\.0\.1:6443 does not answer from here through the tunnel/,
      fix: /firewall lets port 6443 in/,
      mend: ({ host }) => host.output('iptables -D OUTPUT -o span0 -p tcp --dport 6443 -j DROP'),
    },
  ]

  test.concurrent.for(failures)(
    '$it: it says so, and the second paste goes on',
    async ({ it, step, says, fix, ...failure }, { expect }) => {
      const name = `vps-${failures.findIndex((each) => each.it === it) + 1}`
      const host = await world.lab.publicHost(name)
      const agent = new K3sHost(host)
      await cluster.releases.introduce(host)
      const invitation = await world.invite(name, { cluster: { role: 'agent' } })
      await failure.spoil(agent)
      const pasting = host.exec(invitation.line, { timeoutMs: 300_000 })
      await failure.meanwhile?.(agent)
      // On a busy machine something else may fail before, as a download that takes too long; it is tried again by itself.
      const ledger = await world.untilLedger(
        invitation.id,
        ({ steps }) => steps.some(({ state, evidence }) => state === 'failed' && says.test(evidence ?? '')),
        120_000,
      )
      const failed = ledger.steps.find(({ state }) => state === 'failed')
      expect(failed).toMatchObject({ step, evidence: expect.stringMatching(says), fix: expect.stringMatching(fix) })
      const pasted = await pasting
      if (failure.mend) expect(pasted, pasted.stdout + pasted.stderr).not.toMatchObject({ code: 0 })
      expect((await host.exec('ls /root/was-run')).code).not.toBe(0)
      await failure.mend?.(agent)
      await world.paste(host, invitation.line)
      await world.untilLedger(invitation.id, ({ done }) => done, 120_000)
      await host.powerOff()
    },
  )

  test.concurrent('a node whose kubelet does not get Ready: registered it is, and waited for', async ({ expect }) => {
    const host = await world.lab.publicHost('vps-late')
    late = { agent: new K3sHost(host), ...(await world.invite('vps-late', { cluster: { role: 'agent' } })) }
    await cluster.releases.introduce(host)
    await late.agent.spoil('never-ready')
    await world.paste(host, late.line)
    const ledger = await world.untilLedger(late.id, (each) => stateOf(each, 'registered') === 'green', 60_000)
    expect(ledger.done).toBe(false)
    expect(stateOf(ledger, 'ready')).not.toBe('green')
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
    expect(stateOf(ledger, 'api-reachable')).toBe('waiting')
    await gateway.output('systemctl start k3s', { timeoutMs: 60_000 })
    await pasting
    await world.untilLedger(invitation.id, ({ done }) => done, 120_000)
    await host.powerOff()
  })

  test('a node that is not Ready in time: its step says so with the reason, and goes on when it is mended', async () => {
    await world.server.skipAhead(11 * 60)
    const isOver = (ledger: LedgerAnswer) => /timed-out|failed/.test(stateOf(ledger, 'ready') ?? '')
    const { steps } = await world.untilLedger(late.id, isOver, 60_000)
    const step = steps.find((each) => each.step === 'ready')
    expect(step?.evidence).toMatch(/not Ready/)
    expect(step?.fix).toMatch(/registry|mirror|log/)
    await late.agent.mend()
    await world.paste(late.agent.host, late.line)
    await world.untilLedger(late.id, ({ done }) => done, 120_000)
  })

  const stateOf = ({ steps }: LedgerAnswer, name: string) => steps.find(({ step }) => step === name)?.state

  /** Runs a line on the server when the agent's k3s has started and not joined yet; `$1` is the id of its token. */
  async function whenStarting({ host }: K3sHost, line: string): Promise<void> {
    for (const deadline = Date.now() + 120_000; !(await host.journal('k3s-agent')).includes('Starting k3s agent'); ) {
      if (Date.now() > deadline) throw new Error(`k3s did not start on ${host.name} within 120 s`)
      await sleep(200)
    }
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
