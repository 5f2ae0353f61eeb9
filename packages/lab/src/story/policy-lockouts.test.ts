import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from '../host.ts'
import { K3sHost } from '../k3s/k3s-host.ts'
import type { Pod } from '../k3s/pod.ts'
import { ClusterWorld } from './cluster-world.ts'
import { PolicyStory } from './policy-story.ts'
import type { World } from './world.ts'

/** Open on each machine, and in each pod beside its own 80. */
const PORTS = [8080, 8081]
/** The server judges once 60 s are over, looks every 3 s, and a machine hears of it with its next answer. */
const ENDS_WITHIN_MS = 75_000

/**
 * Policies by which people lock themselves out, on real machines with the real server. Two networks side by side: `prod` has a k3s cluster
 * behind a gateway that is not of it, `plain` has none. Each attempt leaves a network where all is as before, or says otherwise.
 */
describe('policies that lock out', () => {
  let prod: PolicyStory
  let plain: PolicyStory
  let cluster: ClusterWorld
  let plainWorld: World
  let gateway: Host
  let server: Host
  let agent: Host
  let plainGateway: Host
  let vps: Host
  let away: Host
  const pods: Record<string, Pod> = {}

  beforeAll(async () => {
    cluster = await ClusterWorld.create()
    plainWorld = await cluster.world.beside('plain')
    const { lab } = cluster.world
    const homes = await Promise.all([lab.home('home-a'), lab.home('home-b')])
    ;[gateway, server, agent, plainGateway, vps, away] = await Promise.all([
      lab.publicHost('gw-1'),
      lab.publicHost('srv-1'),
      homes[0].host('home-1'),
      lab.publicHost('gw-2'),
      lab.publicHost('vps-1'),
      homes[1].host('away-1'),
    ])
    prod = new PolicyStory(cluster.world)
    plain = new PolicyStory(plainWorld)
    await Promise.all([
      prod.join(gateway, { role: 'gateway', endpoint: `${gateway.address}:51820` }),
      plain.join(plainGateway, { role: 'gateway', endpoint: `${plainGateway.address}:51820` }),
    ])
    await Promise.all([
      (async () => {
        await cluster.releases.introduce(server)
        await cluster.releases.introduce(agent)
        await prod.join(server, { cluster: { role: 'server' } })
        await prod.join(agent, { cluster: { role: 'agent' } })
        const kubernetes = new K3sHost(server)
        for (const host of [server, agent]) pods[host.name] = await cluster.pod(kubernetes, host)
      })(),
      Promise.all([plain.join(vps), plain.join(away)]),
    ])
    for (const host of [server, agent, gateway, plainGateway, vps, away]) host.spawn(serve(PORTS))
    for (const pod of Object.values(pods)) pod.spawn(serve(PORTS))
  }, 300_000)
  afterAll(async () => await cluster?.[Symbol.asyncDispose]())

  test('before: a policy for a cluster lets its pods and machines reach what it says, and nothing else', async () => {
    await Promise.all([prod.healthy(), plain.healthy()])
    await Promise.all([prod.save(RULES), plain.save([ALL])])
    for (const story of [prod, plain])
      expect((await story.ended(ENDS_WITHIN_MS)).trial).toMatchObject({ number: 1, state: 'confirmed' })
    await asBefore()
    await becomes(plainReaches, [true, true])
  })

  test('a policy whose tests fail is not saved, and nobody hears of it', async () => {
    await prod.healthy()
    const before = await prod.tables()
    const views = await prod.views()
    const text = `{ "acls": [${RULES.join(', ')}], "tests": [{ "src": "node:gw-1", "accept": ["node:srv-1:6443"] }] }`
    await expect(prod.saveText(text)).rejects.toThrow(/412.*A test of the policy fails\. Line 1: .*policy-tests/)
    expect(await prod.policy()).toMatchObject({ number: 1, trial: { number: 1, state: 'confirmed' } })
    expect(await prod.views()).toEqual(views)
    expect(await prod.tables()).toEqual(before)
  })

  describe('at one moment', () => {
    test.concurrent('everything denied in a cluster: Kubernetes hears its agents no more, so all return', async ({
      expect,
    }) => {
      const before = await prod.tables()
      await prod.save([])
      await prod.tried()
      await becomes(() => reaches(gateway, pods['home-1']!.address, 80), false)
      await becomes(() => reaches(pods['srv-1']!, pods['home-1']!.address, 80), false)
      expect(await prod.ended(ENDS_WITHIN_MS)).toMatchObject({ number: 1, trial: returned(LOST) })
      await prod.stands(before)
      await prod.healthy()
      await asBefore()
    })

    test.concurrent('a machine that is cut off as it begins: it hears nothing of it, and all return', async ({
      expect,
    }) => {
      const before = await plain.tables()
      await away.cut({ to: CONTROL_PLANE })
      await plain.save([only(8080)])
      await plain.tried([plainGateway, vps])
      await becomes(plainReaches, [true, false])
      expect(await plain.tables([away])).toEqual({ 'away-1': before['away-1'] })
      const said = 'away-1 has not said that it runs the rules on trial. So all went back to the rules before.'
      expect(await plain.ended(ENDS_WITHIN_MS)).toMatchObject({ number: 1, trial: returned(said) })
      await plain.stands(before)
      await becomes(plainReaches, [true, true])
      await away.heal()
      await plain.healthy()
      await plain.stands(before)
    })
  })

  describe('at another', () => {
    test.concurrent('the API server denied to agents: all return, and the agents are Ready as before', async ({
      expect,
    }) => {
      const before = await prod.tables()
      const rules = RULES.filter((rule) => rule !== API)
      await expect(prod.save(rules, { acceptClusterWarnings: false })).rejects.toThrow(/412.*6443.*policy-cluster/)
      await prod.save(rules)
      await prod.tried()
      await becomes(() => reaches(agent, prod.addressOf(server), 6443), false)
      await becomes(() => reaches(pods['home-1']!, prod.addressOf(server), 6443), false)
      await becomes(() => reaches(pods['home-1']!, pods['srv-1']!.address, 8080), true)
      expect(await prod.ended(ENDS_WITHIN_MS)).toMatchObject({ number: 1, trial: returned(LOST) })
      await prod.stands(before)
      await prod.healthy()
      await asBefore()
    })

    test.concurrent('a machine that loses its power under it: it boots with the rules before, and all return', async ({
      expect,
    }) => {
      const before = await plain.tables()
      await plain.save([only(8081)])
      await plain.tried()
      await becomes(plainReaches, [false, true])
      await vps.reboot()
      vps.spawn(serve(PORTS))
      const said =
        'vps-1 could not keep the rules and went back to those before: the machine lost its power during the trial.'
      expect(await plain.ended(ENDS_WITHIN_MS)).toMatchObject({ number: 1, trial: returned(said) })
      await plain.stands(before)
      await plain.healthy()
      await becomes(plainReaches, [true, true])
      expect((await vps.exec('grep -c returned /var/lib/spanwire/policy/ended')).stdout).not.toBe('0\n')
    })
  })

  describe('at a third', () => {
    test.concurrent('a machine that is cut off while it runs them: it goes back by itself, and so do all', async ({
      expect,
    }) => {
      const before = await prod.tables()
      await prod.save([...RULES, accept('"node:gw-1"', 'node:home-1:8081', TCP)])
      await prod.tried()
      await becomes(() => reaches(gateway, prod.addressOf(agent), 8081), true)
      // It has reported once more by then: silent is it only from here on.
      await sleep(5_000)
      await agent.cut({ to: CONTROL_PLANE })
      const { number, trial } = await prod.ended(ENDS_WITHIN_MS)
      expect([number, trial.state]).toEqual([1, 'returned'])
      expect(trial.reason).toMatch(/^home-1 runs them, and has not been heard for \d+ s\. So all went back/)
      await prod.stands(before)
      await becomes(() => reaches(gateway, prod.addressOf(agent), 8081), false)
      await agent.heal()
      await prod.healthy()
      await asBefore()
    })

    test.concurrent('where nothing needs what is denied it holds, and yet nobody is locked out: the next version holds too', async ({
      expect,
    }) => {
      const everybodyBut = accept('"*"', 'node:vps-1:*').replace('"node:vps-1:*"', '"node:vps-1:*", "node:away-1:*"')
      for (const [rules, vpsToGateway, both] of [
        [[everybodyBut], false, true],
        [[], false, false],
        [[ALL], true, true],
      ] as const) {
        const { number } = await plain.save(rules)
        expect(await plain.ended(ENDS_WITHIN_MS)).toMatchObject({
          ...{ number, trial: { state: 'confirmed', reason: 'All 3 machines are well under it.' } },
        })
        await becomes(() => reaches(vps, plain.addressOf(plainGateway), 8080), vpsToGateway)
        await becomes(plainReaches, [both, both])
        await plain.healthy()
      }
    })
  })

  async function asBefore(): Promise<void> {
    const [one, two] = [pods['srv-1']!, pods['home-1']!]
    const at = (host: Host) => prod.addressOf(host)
    const expected: [string, Host | Pod, string, number, boolean][] = [
      ['a pod to a pod on another machine', one, two.address, 8080, true],
      ['and back', two, one.address, 8081, true],
      ['a machine of the cluster to a pod', agent, one.address, 8080, true],
      ['a machine outside of it to what pods are for', gateway, two.address, 80, true],
      ['and to another port of them', gateway, two.address, 8080, false],
      ['and to another port of those on the other', gateway, one.address, 8081, false],
      ['a pod to a port of a machine', one, at(agent), 8080, true],
      ['a pod to another port of it', one, at(agent), 8081, false],
      ['its machine to the port that is for pods', server, at(agent), 8080, false],
      ['a machine of the cluster to the gateway', server, at(gateway), 8080, true],
      ['a pod to the gateway', two, at(gateway), 8080, false],
      ['the gateway to the API server', gateway, at(server), 6443, false],
      ['an agent to the API server', agent, at(server), 6443, true],
      ['a pod to the API server', two, at(server), 6443, true],
    ]
    // Each by itself: one that took too long is asked again, and no other.
    await Promise.all(
      expected.map(([it, from, to, port, want]) =>
        becomes(async () => [it, await reaches(from, to, port)], [it, want]),
      ),
    )
  }

  /** Both ports of the public machine from the one at home, by way of the gateway. */
  const plainReaches = () => Promise.all(PORTS.map((port) => reaches(away, plain.addressOf(vps), port)))
})

const CONTROL_PLANE = '203.0.113.10'
/** What cuts an agent off: its kubelet's silence is seen before Kubernetes calls it NotReady, or after. */
const LOST = expect.stringMatching(
  /^home-1 (is not heard by Kubernetes any more|was Ready in Kubernetes and is not).* So all went back to the rules before\.$/,
)
const returned = (reason: unknown) => ({ state: 'returned', reason })

/** On a busy machine a connection that nobody denies may take longer than anybody waits, and a packet is lost now and then. */
async function becomes<T>(look: () => Promise<T>, want: T): Promise<void> {
  const deadline = Date.now() + 30_000
  let seen = await look()
  while (!isDeepStrictEqual(seen, want) && Date.now() < deadline) seen = await look()
  expect(seen).toEqual(want)
}

/** Whether a connection comes about; a lost packet is sent again after a second. */
async function reaches(from: Host | Pod, address: string, port: number): Promise<boolean> {
  const { code } = await from.exec(['timeout', '4', 'bash', '-c', `exec 3<>/dev/tcp/${address}/${port}`])
  return code === 0
}

const accept = (src: string, dst: string, more = '') =>
  `{ "action": "accept", ${more}"src": [${src}], "dst": ["${dst}"] }`
const TCP = '"proto": "tcp", '
const ALL = accept('"*"', '*:*')
const only = (port: number) => accept('"node:away-1"', `node:vps-1:${port}`, TCP)

/** What a cluster needs, and a few things that a test can tell apart. */
const OURS = '"cluster:home-lab", "pods:home-lab"'
const API = accept(OURS, 'servers:home-lab:6443', TCP)
const RULES = [
  API,
  accept(OURS, 'cluster:home-lab:10250', TCP),
  accept(OURS, 'pods:home-lab:*'),
  accept('"node:gw-1"', 'pods:home-lab:80', TCP),
  accept('"pods:home-lab"', 'node:home-1:8080', TCP),
  accept('"cluster:home-lab"', 'node:gw-1:8080', TCP),
]

/** Says hello on each port. */
const serve = (ports: readonly number[]) => [
  process.execPath,
  '-e',
  `for (const port of ${JSON.stringify(ports)}) require('http').createServer((_, answer) => answer.end('hello')).listen(port, '::')`,
]
