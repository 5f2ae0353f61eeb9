/**
 * Clusters in every state that a person may meet, made by simulated machines through the real doors: joined, refused, cut off, on their way
 * out; a change on its way, and one that stopped.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createDevice } from '@spanwire/control/device/create-device'
import { revokeDevice } from '@spanwire/control/device/revoke-device'
import type { Fleet } from '@spanwire/lab/fleet/fleet'
import { clusterIsReady, foundCluster } from '@spanwire/lab/fleet/found-cluster'
import { keysOf } from '@spanwire/lab/fleet/keys'
import type { Rest } from '@spanwire/lab/fleet/rest'
import { withServices } from '@spanwire/server/admin/with-services'
import { giveDevices } from '@spanwire/server/demo/give-devices'
import { settings } from '@spanwire/server/env'

/** Nodes by what is to be seen on their page. */
export type Parts = {
  server: string
  agent: string
  cut: string
  refused: string
  /** in the network only */
  outside: string
  /** their way out: k3s is being taken off, and pods that could not be moved */
  leaving: string
  stuck: string
}

/** A cluster in trouble. */
export async function troubledCluster(rest: Rest, network: string, fleet: Fleet): Promise<Parts> {
  const site = fleet.sites.findLast((name) => fleet.membersAt(name).length > 0)!
  const cut = fleet.membersAt(site)[0]!
  const others = fleet.nodes.slice(1).filter(({ who }) => who.site !== site)
  const [agent, refused, leaving, stuck] = others
  const outside = others.at(-1)!
  const server = fleet.gateway
  fleet.kubernetes.remember(refused!.who.name)
  fleet.strike('certificate', { kind: 'certificate', node: server.who.name, days: 41 })
  fleet.strike('signs', { kind: 'request', node: server.who.name, request: 'k3s-sign', trouble: NO_SIGNER })
  const agents = fleet.nodes.slice(1).filter((node) => node !== outside)
  await foundCluster(rest, network, {
    settings: { datastore: 'etcd', disable: ['traefik'] },
    servers: [server.id!],
    agents: agents.map(({ id }) => id!),
  })
  await clusterIsReady(rest, network, agents.length)
  fleet.strike('site', { kind: 'site-cut', site })
  const hangs = { kind: 'request', node: leaving!.who.name, request: 'k3s-uninstall', trouble: null } as const
  fleet.strike('uninstall', hangs)
  await rest('POST', `/cluster-nodes/${leaving!.id}/remove`, {})
  await stepIs(rest, network, leaving!.id!, 'uninstall', 'asked')
  fleet.strike('drain', { kind: 'request', node: server.who.name, request: 'k3s-drain', trouble: NOT_DRAINED })
  await rest('POST', `/cluster-nodes/${stuck!.id}/remove`, {})
  await saysOf(rest, network, cut.id!, 'stopped answering at')
  const id = (node: { id: string | null } | undefined) => node?.id ?? ''
  return {
    ...{ server: id(server), agent: id(agent), cut: id(cut), refused: id(refused), outside: id(outside) },
    ...{ leaving: id(leaving), stuck: id(stuck) },
  }
}

const NO_SIGNER = { code: 'failed', text: 'error: certificatesigningrequests is forbidden: the API is starting' }
const NOT_DRAINED = {
  code: 'timed-out',
  text: "error when evicting pods/web-0 -n shop: Cannot evict pod as it would violate the pod's disruption budget.\nThere are pending pods in node when an error occurred: global timeout reached: 300s",
}

/** The first server is at it, and agents wait for what it has not said yet. */
export async function clusterBeingMade(rest: Rest, network: string, fleet: Fleet): Promise<string> {
  const server = fleet.gateway
  for (const request of ['k3s-read-server', 'k3s-mint-token'])
    fleet.strike(request, { kind: 'request', node: server.who.name, request, trouble: null })
  const agents = fleet.nodes.slice(1, 4).map(({ id }) => id!)
  await foundCluster(rest, network, { servers: [server.id!], agents })
  return agents[0]!
}

/** Newer than what stands, for all. */
const RELEASE = { kind: 'version', version: 'v1.33.13+k3s1' }

/** A change on its way: two machines have it, the third does not answer, the others wait. */
export async function clusterInChange(rest: Rest, network: string, fleet: Fleet): Promise<void> {
  fleet.strike('signs', { kind: 'request', node: fleet.gateway.who.name, request: 'k3s-sign', trouble: null })
  await allJoin(rest, network, fleet)
  fleet.strike('away', { kind: 'unreachable', node: fleet.nodes[1]!.who.name })
  await change(rest, network)
}

/** A change that one machine did not bear. */
export async function clusterThatStopped(rest: Rest, network: string, fleet: Fleet): Promise<void> {
  await allJoin(rest, network, fleet)
  const text = 'level=fatal msg="Error: flag provided but not defined: -audit-log-maxage"'
  const failure = { step: 'k3s-installed', code: 'config-refused', text }
  fleet.strike('start', { kind: 'k3s', node: fleet.gateway.who.name, failure, later: true })
  await change(rest, network)
}

export async function allJoin(rest: Rest, network: string, fleet: Fleet): Promise<void> {
  const [server, ...agents] = fleet.nodes.map(({ id }) => id!)
  await foundCluster(rest, network, { servers: [server!], agents })
  await clusterIsReady(rest, network, fleet.nodes.length)
}

async function change(rest: Rest, network: string): Promise<void> {
  const { settings } = await rest<{ settings: Record<string, unknown> }>('GET', `/networks/${network}/cluster`)
  await rest('PATCH', `/networks/${network}/cluster`, { settings: { ...settings, release: RELEASE } })
}

type Detail = { nodes: { nodeId: string; text: string; removal: { step: string; state: string }[] | null }[] }

/** Kubernetes waits 40 s before it takes a silent machine for lost. */
async function saysOf(rest: Rest, network: string, node: string, words: string): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(500)) {
    const { nodes } = await rest<Detail>('GET', `/networks/${network}/cluster`)
    if (nodes.find(({ nodeId }) => nodeId === node)?.text.includes(words)) return
  }
  throw new Error(`the cluster page did not say "${words}" within 120 s`)
}

async function stepIs(rest: Rest, network: string, node: string, step: string, state: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(300)) {
    const { nodes } = await rest<Detail>('GET', `/networks/${network}/cluster`)
    const removal = nodes.find(({ nodeId }) => nodeId === node)?.removal
    if (removal?.some((each) => each.step === step && each.state === state)) return
  }
  throw new Error(`the step ${step} of a removal was not ${state} within 60 s`)
}

type People = { readonly data: string; readonly network: string; readonly seed: string; readonly owner: string }

/** Laptops and phones: connected, away, never seen, ended, revoked. */
export function everyDevice({ data, network, seed, owner }: People): Promise<void> {
  return withServices(settings({ data }), async (services) => {
    const ctx = await giveDevices(services, { networkId: network, seed, owner })
    const add = (name: string, publicKey: string, expiresInDays: number | null) =>
      createDevice(ctx, { networkId: network, name, publicKey, expiresInDays })
    await add('new-laptop', keysOf(seed, 'new-laptop').publicKey, 30)
    const { device: borrowed } = await add('borrowed', keysOf(seed, 'borrowed').publicKey, 1)
    const { device: lost } = await add('lost-phone', keysOf(seed, 'lost-phone').publicKey, 365)
    await revokeDevice(ctx, { id: lost.id })
    // Its day is over.
    const past = new Date(Date.now() - 3 * 3_600_000)
    await services.db.prisma.device.update({ where: { id: borrowed.id }, data: { expiresAt: past } })
  })
}
