/**
 * A fleet as a process of its own, for whoever forks it: the first message is the order, then it tells how far it is, and it ends with
 * its parent.
 */
import { Fleet, type FleetOptions } from './fleet.ts'
import { play } from './incidents.ts'

export type FleetOrder = Omit<FleetOptions, 'onEnrolled' | 'onRefused' | 'received' | 'confirmed'> & {
  readonly plays: boolean
}

export type FleetNews =
  | { readonly kind: 'enrolled'; readonly count: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'settled' }
  | { readonly kind: 'failed'; readonly reason: string }

const tell = (news: FleetNews) => process.send?.(news)

process.once('message', async (order: FleetOrder) => {
  try {
    const fleet = await Fleet.start({
      ...order,
      onEnrolled: (count) => tell({ kind: 'enrolled', count }),
      onRefused: (_, reason) => tell({ kind: 'refused', reason }),
    })
    if (order.plays) play(fleet, order.seed)
    tell({ kind: 'settled' })
  } catch (error) {
    tell({ kind: 'failed', reason: (error as Error).message })
  }
})
process.once('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group: the parent ends in order, and this process with it.
process.on('SIGINT', () => {})
