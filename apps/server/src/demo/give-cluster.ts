import { foundCluster } from '@spanwire/lab/fleet/found-cluster'
import type { Rest } from '@spanwire/lab/fleet/rest'

type Row = { id: string; role: string; siteName: string | null }

/** A cluster is read machine by machine: more of them show nothing more. */
const MOST_AGENTS = 60

/** Three servers where the gateway stands, agents everywhere; some machines stay in the network only. They join by themselves. */
export async function giveCluster(rest: Rest, network: string): Promise<void> {
  const nodes = await rest<Row[]>('GET', `/networks/${network}/nodes`)
  const gateway = nodes.find(({ role }) => role === 'gateway')
  if (!gateway) return
  const members = nodes.filter(({ role }) => role === 'member')
  const near = members.filter(({ siteName }) => siteName === gateway.siteName)
  const servers = [gateway, ...(near.length >= 4 ? near.slice(0, 2) : [])]
  const others = members.filter((node) => !servers.includes(node))
  const stride = Math.max(1, Math.ceil(others.length / MOST_AGENTS))
  const agents = others.filter((_, i) => i % stride === 0 && i % 8 !== 7)
  await foundCluster(rest, network, {
    settings: { datastore: 'etcd' },
    servers: servers.map(({ id }) => id),
    agents: agents.map(({ id }) => id),
  })
}
