import type { Services } from '@spanwire/control/context'

export type Job = {
  readonly everyMinutes: number
  readonly run: (services: Services) => Promise<void>
}
