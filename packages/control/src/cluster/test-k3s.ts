/** What the k3s part of the node script says, said from here. */
import type { Joined } from '../machine/test-machine.ts'
import { confirmedBy, files, request, type Scene } from '../machine/test-machine.ts'
import { createCluster } from './create-cluster.ts'
import { proposeCluster } from './propose-cluster.ts'
import { setClusterNode } from './set-cluster-node.ts'
import { stewardCluster } from './steward.ts'

export const TOKEN = `K10${'ab'.repeat(32)}::server:not-to-be-seen`
export const JOIN_TOKEN = `K10${'ab'.repeat(32)}::abcdef.0123456789abcdef`
export const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

/** Its tunnel to a peer carries. */
export const tunnel = (to: Joined): string => `:paths
 span0 ${to.publicKey} alive 900 999 12.5 10 1 -
`

/** What a machine finds on itself: nothing in the way; `lines` say otherwise, of a key that has a line already or not. */
export function preflight(...lines: string[]): string {
  const others = new Set(lines.map((line) => line.split(' ', 1)[0]))
  const facts = [...FACTS.filter((line) => !others.has(line.split(' ', 1)[0])), ...lines]
  return `:preflight\n${facts.map((line) => ` ${line}\n`).join('')}`
}

const FACTS = [
  'arch x86_64',
  'init systemd',
  'cgroup v2',
  'cgroup-controllers cpuset cpu io memory pids',
  'memory-kb 4026532',
  'cpus 2',
  'default-route yes',
  'k3s-role none',
  'k3s-ours no',
  'node-password no',
  'fix no',
  'disk /var/lib 31457280 52428800',
]

type Said = {
  service?: string
  subnet?: string
  failed?: string
  applied?: string
  nodes?: readonly string[]
  pods?: readonly string[]
}

/** At uptime 1000. `nodes` only of a server. */
export function k3s({ service = 'active', subnet, failed, applied, nodes, pods }: Said = {}): string {
  const lines = [
    `service ${service}`,
    ...(service === 'active' ? ['version v1.33.4+k3s1'] : []),
    ...(applied ? [`applied ${applied}`] : []),
    ...(subnet ? [`subnet ${subnet}`, 'mtu 1420'] : []),
    ...(failed ? [`failed ${failed}`] : []),
    ...(nodes ? ['nodes-at 998'] : []),
  ]
  const block = (name: string, text: readonly string[]) => `:${name}\n${text.map((line) => ` ${line}\n`).join('')}`
  return block('k3s', lines) + (nodes ? block('k3s-nodes', nodes) : '') + (pods ? block('k3s-pods', pods) : '')
}

export const kubeNode = (name: string, ip: string, ready = 'True'): string[] => [
  `node ${name}`,
  `ready ${ready}`,
  'reason "KubeletReady"',
  'since 2026-03-01T11:00:00Z',
  `internal-ip ${ip}`,
  'version v1.33.4+k3s1',
]

/** When `clusterScene` begins. */
export const NOON = new Date('2026-03-01T12:00:00.000Z')

export type K3sScene = { readonly server: Joined; readonly agent: Joined }

/** A gateway that is to be the first server, and a member that is to be an agent; nothing on them stands in the way. */
export async function clusterScene(scene: Scene, settings: Record<string, unknown> = {}): Promise<K3sScene> {
  const { server, agent } = await unlookedScene(scene, settings)
  await server.sync({ blocks: preflight() })
  await agent.sync({ blocks: preflight() })
  await scene.machine.flush()
  await stewardCluster(scene.deps, scene.networkId)
  return { server, agent }
}

/** The same, whose machines have told nothing of themselves yet. */
export async function unlookedScene(scene: Scene, settings: Record<string, unknown> = {}): Promise<K3sScene> {
  const { world, networkId } = scene
  world.setNow(NOON)
  const server = await scene.join('gateway', 'server-1')
  const agent = await scene.join('member', 'home-1')
  const proposed = await proposeCluster(world.viewer, { networkId })
  await createCluster(world.admin, { networkId, settings: { ...proposed.settings, ...settings } })
  await setClusterNode(world.operator, { nodeId: server.id, role: 'server' })
  await setClusterNode(world.operator, { nodeId: agent.id, role: 'agent' })
  return { server, agent }
}

export type Open = { readonly id: string; readonly kind: string; readonly args: string[] }

/** Of the file `requests`. */
export const openRequests = (text: string | undefined): Open[] =>
  (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', kind = '', , ...args] = line.split(' ')
      return { id, kind, args }
    })

export const answer = (scene: Scene, node: Joined, id: string, { state = 'done', evidence = 'ok', secret = '' } = {}) =>
  scene.machine.answer(
    request(
      node.credential,
      `spanwire answer 1\nrequest ${id}\nstate ${state}\n:evidence\n ${evidence}\n${
        secret &&
        `:secret\n${secret
          .split('\n')
          .map((line) => ` ${line}\n`)
          .join('')}`
      }`,
    ),
  )

/** What the node is to have by all that is written at this moment: the server hears of its own changes a little later. */
export async function bundleOf(scene: Scene, node: Joined): Promise<Map<string, string>> {
  await scene.machine.flush()
  const [row] = await scene.sql<{ revision: string }>('SELECT revision FROM networks WHERE id = $1', [scene.networkId])
  for (let tries = 0; tries < 200; tries++) {
    const fetched = await node.sync({ epoch: 0, revision: 0, view: '-' })
    if ((await confirmedBy(fetched)).revision >= Number(row?.revision)) return files(fetched)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the server never heard of its own change')
}
