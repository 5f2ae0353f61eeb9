/** A cluster on the network of a simulated fleet, through the doors that a person uses; its machines then join by themselves. */
import { setTimeout as sleep } from 'node:timers/promises'
import { chooseRange } from './choose-range.ts'
import type { Rest } from './rest.ts'

export type FoundCluster = {
  readonly settings?: Record<string, unknown>
  /** ids of nodes; the first one makes the cluster */
  readonly servers: readonly string[]
  readonly agents: readonly string[]
}

export async function foundCluster(
  rest: Rest,
  network: string,
  { settings, servers, agents }: FoundCluster,
): Promise<void> {
  await create(rest, network, settings)
  for (const id of servers) await rest('POST', `/cluster-nodes/${id}`, { role: 'server' })
  for (const id of agents) await rest('POST', `/cluster-nodes/${id}`, { role: 'agent' })
}

function create(rest: Rest, network: string, settings: Record<string, unknown> = {}): Promise<unknown> {
  return chooseRange(async () => {
    type Proposal = { settings: Record<string, unknown> }
    const { settings: proposed } = await rest<Proposal>('POST', `/networks/${network}/cluster-proposal`)
    const release = { kind: 'version', version: 'v1.33.4+k3s1' }
    return rest('POST', `/networks/${network}/cluster`, { settings: { ...proposed, release, ...settings } })
  })
}

type Detail = { nodes: { nodeName: string; ready: boolean | null; podAnsweredAt: string | null; text: string }[] }

/** So many are Ready, and a pod on each has answered. */
export async function clusterIsReady(rest: Rest, network: string, count: number, seconds = 90): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(300)) {
    const { nodes } = await rest<Detail>('GET', `/networks/${network}/cluster`)
    const ready = nodes.filter(({ ready, podAnsweredAt }) => ready && podAnsweredAt !== null)
    if (ready.length >= count) return
    if (Date.now() > end) {
      const words = nodes.map(({ nodeName, text }) => `${nodeName}: ${text}`)
      throw new Error(`${ready.length} of ${count} nodes became Ready within ${seconds} s: ${words.join('; ')}`)
    }
  }
}
