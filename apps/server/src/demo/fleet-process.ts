import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FleetNews, FleetOrder } from '@spanwire/lab/fleet/main'
import { Stop } from '../stop.ts'

export type FleetProcess = { readonly refused: readonly string[]; stop(): Promise<void> }

/** On the other processor: its work must not be taken for the server's. Resolves when all nodes are in. */
export async function startFleet(order: FleetOrder, onEnrolled: (count: number) => void): Promise<FleetProcess> {
  const child = fork(fileURLToPath(import.meta.resolve('@spanwire/lab/fleet/main')), { execArgv: ['--import', 'tsx'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const refused: string[] = []
  const stop = async () => {
    if (child.connected) child.disconnect()
    await ended
  }
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('message', (news: FleetNews) => {
        if (news.kind === 'enrolled') onEnrolled(news.count)
        else if (news.kind === 'refused') refused.push(news.reason)
        else if (news.kind === 'settled') resolve()
        else reject(new Stop(`The fleet could not be started: ${news.reason}`))
      })
      ended.then(() => reject(new Stop('The fleet ended before it was in.')))
      child.send(order)
    })
    return { refused, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
