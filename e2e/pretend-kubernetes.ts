/**
 * What a cluster's servers would report, written past the reports: the simulated fleet runs no k3s. Only for the looks of pages; that
 * clusters work is tested with machines of the lab.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { sealToken } from '@spanwire/control/cluster/tokens'
import type { Rest } from '@spanwire/lab/fleet/rest'
import { withServices } from '@spanwire/server/admin/with-services'
import { settings } from '@spanwire/server/env'

/** A server asks its API every 10 s, and what is older than 45 s is not believed any more. */
const EVERY_MS = 5000
const DAY_MS = 86_400_000
const VERSION = 'v1.33.4+k3s1'

const AUTHORITY = '-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVkIGF1dGhvcml0eQ==\n-----END CERTIFICATE-----\n'

type Row = { id: string; name: string; role: string }

export type Parts = { server: string; agent: string; cut: string; refused: string }

/** Gives the nodes of a network parts in a cluster; returns those whose pages are worth a look. */
export async function giveParts(rest: Rest, network: string, cutName: string): Promise<Parts> {
  const { settings: proposed } = await rest<{ settings: Record<string, unknown> }>(
    'POST',
    `/networks/${network}/cluster-proposal`,
  )
  await rest('POST', `/networks/${network}/cluster`, {
    settings: { ...proposed, datastore: 'etcd', release: { kind: 'version', version: VERSION }, disable: ['traefik'] },
  })
  const nodes = await rest<Row[]>('GET', `/networks/${network}/nodes`)
  const server = nodes.find(({ role }) => role === 'gateway')!
  const members = nodes.filter(({ role }) => role === 'member')
  const cut = members.find(({ name }) => name === cutName)!
  // The last two stay in the network only.
  const others = members.filter((node) => node !== cut).slice(0, -2)
  await rest('POST', `/cluster-nodes/${server.id}`, { role: 'server' })
  for (const { id } of [cut, ...others]) await rest('POST', `/cluster-nodes/${id}`, { role: 'agent' })
  return { server: server.id, agent: others[0]!.id, cut: cut.id, refused: others.at(-1)!.id }
}

/** Until `signal`: the words stay fresh. */
export function pretendKubernetes(data: string, network: string, parts: Parts, signal: AbortSignal): Promise<void> {
  return withServices(settings({ data }), async ({ db, seal }) => {
    const { id: clusterId } = await db.prisma.cluster.findUniqueOrThrow({ where: { networkId: network } })
    const serverToken = sealToken(seal, `K10${'ab'.repeat(32)}::server:simulated`)
    await db.prisma.cluster.update({ where: { id: clusterId }, data: { serverToken, caPem: AUTHORITY } })
    const begun = Date.now()
    while (!signal.aborted) {
      const members = await db.prisma.clusterNode.findMany({ where: { clusterId }, orderBy: { nodeId: 'asc' } })
      const addresses = await db.pool.query<{ id: string; ordinal: number; cidr4: string }>(
        'select n.id, n.ordinal, w.cidr4 from nodes n join networks w on w.id = n.network_id where w.id = $1',
        [network],
      )
      for (const [index, member] of members.entries()) {
        const place = addresses.rows.find(({ id }) => id === member.nodeId)
        const address = `${place?.cidr4.split('.').slice(0, 3).join('.')}.${place?.ordinal}`
        await db.prisma.clusterNode.update({
          where: { nodeId: member.nodeId },
          data: { ...wordsOf(member, index, address, parts, begun), seenBy: parts.server },
        })
      }
      await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
    }
  })
}

type Member = { nodeId: string; kubernetesName: string; role: string }

function wordsOf(member: Member, index: number, address: string, parts: Parts, begun: number) {
  const now = new Date()
  if (member.nodeId === parts.refused) {
    const failure = { step: 'registered', code: 'node-password', text: 'Node password rejected, duplicate hostname' }
    return { said: { ...words(index), service: 'failed', subnet4: null, failure }, saidAt: now }
  }
  const isCut = member.nodeId === parts.cut
  const seen = {
    name: member.kubernetesName,
    ready: isCut ? 'Unknown' : 'True',
    reason: isCut ? 'NodeStatusUnknown' : 'KubeletReady',
    since: isCut ? begun : begun - (index + 1) * 0.7 * DAY_MS,
    heartbeatAt: now.getTime(),
    internalIps: [address],
    podRanges: [`10.42.${index}.0/24`],
    version: VERSION,
    isControlPlane: member.role === 'server',
    isUnschedulable: false,
    podAnsweredAt: new Date(isCut ? begun : now).toISOString(),
    podRttMs: 3.1 + index * 4.7,
  }
  return { said: words(index), saidAt: now, seen, seenAt: now }
}

const words = (index: number) => ({
  service: 'active',
  version: VERSION,
  applied: 'ab'.repeat(32),
  subnet4: `10.42.${index}.0/24`,
  subnet6: null,
  mtu: 1420,
  failure: null,
  certificateUntil: Date.now() + (index === 2 ? 41 : 320) * DAY_MS,
})
