/** What the doors for machines share in one server process. */
import type { ServerFacts } from '@spanwire/mesh/protocol/render-bundle'
import type { Stewards } from '../cluster/create-stewards.ts'
import type { ForkWatch } from './fork-watch.ts'
import type { Ingest } from './ingest-reports.ts'
import type { MachineDeps } from './machine-deps.ts'
import type { NetworkMirror } from './network-mirror.ts'
import type { Sql } from './sql.ts'
import type { WaitingRoom } from './waiting-room.ts'

export type Machine = MachineDeps & {
  readonly sql: Sql
  /** The script with this server's address in its head. */
  readonly script: string
  readonly server: ServerFacts
  readonly mirror: NetworkMirror
  readonly waiting: WaitingRoom
  readonly forks: ForkWatch
  readonly ingest: Ingest
  readonly stewards: Stewards
}
