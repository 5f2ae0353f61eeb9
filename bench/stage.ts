/** What the benchmarks share: made by the first that asks, ended in reverse order when all are done. */
import { foundNetwork } from '@spanwire/lab/fleet/found-network'
import { type BareServer, startBareServer } from './bare-server.ts'
import { type Changed, type Crowd, startCrowd } from './crowd.ts'
import { type Many, startMany } from './many.ts'
import { type Planted, plantNetwork } from './plant-network.ts'
import { type RealServer, startRealServer } from './real-server.ts'
import { scriptOf } from './script-of.ts'

export const CROWD = 1_000
/** Of the network that is planted, not joined. */
export const MANY = 10_000

export type FullNetwork = {
  readonly crowd: Crowd
  /** The gateway gets another endpoint, so each of its 1,000 members has to hear of it. All of them wait. */
  change(): Promise<Changed>
}

export type Stage = {
  say(line: string): void
  server(): Promise<RealServer>
  bare(): Promise<BareServer>
  /** A gateway and 1,000 members. */
  network(): Promise<FullNetwork>
  /** A gateway and 10,000 members, as if they had joined. */
  many(): Promise<ManyNodes>
  close(): Promise<void>
}

export type ManyNodes = { readonly many: Many; readonly network: Planted; readonly script: string }

export function openStage(say: (line: string) => void): Stage {
  const closing: (() => Promise<void>)[] = []
  const shared = <T extends { close(): Promise<void> }>(start: () => Promise<T>) =>
    once(async () => {
      const started = await start()
      closing.push(() => started.close())
      return started
    })
  const server = shared(() => {
    say('starting the server')
    return startRealServer()
  })
  const bare = shared(startBareServer)
  const crowd = shared(async () => startCrowd())
  const network = once(async () => fullNetwork(await server(), await crowd(), say))
  const crowdOfMany = shared(async () => startMany())
  const many = once(async () => {
    const running = await server()
    say(`${MANY} machines are planted`)
    const planted = await plantNetwork(running, 'many', MANY)
    return { many: await crowdOfMany(), network: planted, script: await scriptOf(running.url) }
  })
  return {
    ...{ say, server, bare, network, many },
    close: once(async () => {
      for (const close of closing.reverse()) await close()
    }),
  }
}

async function fullNetwork(server: RealServer, crowd: Crowd, say: Stage['say']): Promise<FullNetwork> {
  const { url, rest, key } = server
  say(`${CROWD} machines join`)
  const network = await foundNetwork(rest, 'thousand', { nodes: CROWD + 1, sites: 8 })
  await crowd.join({ url, network, members: CROWD, atOnce: 16, seed: 'thousand' })
  const rows = await rest<{ id: string; role: string }[]>('GET', `/networks/${network.id}/nodes`)
  const gateway = rows.find(({ role }) => role === 'gateway')
  let port = 51_820
  return {
    crowd,
    change: () =>
      crowd.change({
        url,
        isBundle: true,
        ask: {
          ...{ method: 'PATCH', path: `/api/v1/nodes/${gateway?.id}` },
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ endpoint: `203.0.113.7:${++port}` }),
        },
      }),
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make()
    return made
  }
}
