/** A network for tests of policies: a gateway and members who report what nodes with rules report. */
import { files, type Joined, type Scene, testScene } from '../machine/test-machine.ts'

export type PolicyScene = Scene & {
  readonly gateway: Joined
  /** `node-2`, `node-3`, …: whose places are 2, 3, … */
  readonly members: readonly Joined[]
  /** As the server hands it out. */
  readonly script: string
  /** Seconds since the beginning; time stands still between calls. */
  at(seconds: number): void
  /** Reports of all given, each of whom hears its gateway, or its members; written. */
  report(nodes: readonly Joined[], policy?: (node: Joined) => string): Promise<void>
  /** The bundle that it would get, whatever it has. */
  bundle(node: Joined): Promise<Map<string, string>>
}

/** Later than the joins, which have the time of the machine: five past the next full hour. */
const HOUR_MS = 3_600_000
const START = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 300_000

export async function policyScene(members: number): Promise<PolicyScene> {
  const scene = await testScene()
  let seconds = 0
  const at = (to: number) => {
    seconds = to
    scene.world.setNow(new Date(START + to * 1000))
  }
  const gateway = await joinAt(scene, 'gateway')
  const joined: Joined[] = []
  for (let i = 0; i < members; i++) joined.push(await joinAt(scene, 'member'))
  at(0)
  const script = /^script (.*)$/m.exec((await files(gateway.first)).get('meta') ?? '')?.[1] ?? ''
  const uptime = () => 100_000 + seconds
  const alive = (peer: Joined) => ` span0 ${peer.publicKey} alive 1000 ${uptime()} 12.5 10 0 ${uptime() - 30}`
  const report: PolicyScene['report'] = async (nodes, policy) => {
    for (const node of nodes) {
      const peers = node === gateway ? joined : [gateway]
      const said = policy?.(node) ?? ''
      const block = said === '' ? '' : `:policy\n${said.trimEnd().replace(/^/gm, ' ')}\n`
      const blocks = `:paths\n${peers.map(alive).join('\n')}\n${block}`
      await node.sync({ uptime: uptime(), blocks, script })
    }
    await scene.machine.flush()
  }
  await report([gateway, ...joined])
  // A report counts under the bundle that its node has.
  await report([gateway, ...joined])
  return Object.assign(scene, {
    gateway,
    members: joined,
    script,
    at,
    report,
    bundle: async (node: Joined) => files(await node.sync({ epoch: 0, revision: 0, view: '-', script })),
  })
}

/** Joins by the real time, in which its token lives. */
const joinAt = (scene: Scene, role: 'gateway' | 'member') => scene.join(role)

/** What `policy/state` of its bundle says of a trial; null without one. */
export async function trialOf(scene: PolicyScene, node: Joined): Promise<{ id: string; line: string } | null> {
  const line = /^trial (\S+) .*$/m.exec((await scene.bundle(node)).get('policy/state') ?? '')
  return line ? { id: line[1] ?? '', line: line[0] } : null
}
