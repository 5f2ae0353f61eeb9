/** What the doors for machines share in one server process. */
import type { ServerFacts } from '@spanwire/mesh/protocol/render-bundle'
import type { Stewards } from '../cluster/create-stewards.ts'
import type { Db } from '../db.ts'
import type { Hints } from '../hints.ts'
import type { Seal } from '../secrets.ts'
import type { ForkWatch } from './fork-watch.ts'
import type { Ingest } from './ingest-reports.ts'
import type { NetworkMirror } from './network-mirror.ts'
import type { Sql } from './sql.ts'
import type { WaitingRoom } from './waiting-room.ts'

export type MachineSettings = {
  /** The address in the pasted line, without a slash at its end. */
  readonly url: string
  /** `sha256//…` of a self-signed key. */
  readonly pin: string | null
  /** apps/node/spanwire.sh as it lies in the repository. */
  readonly scriptText: string
  readonly scriptVersion: string
  /** apps/node/k3s.sh, which nodes of a cluster fetch. */
  readonly k3sText: string
  /** apps/node/access.sh, which nodes of a network with a policy fetch. */
  readonly accessText: string
  /** apps/node/paths.sh, which nodes fetch that have more than one way. */
  readonly pathsText: string
  /** apps/node/keys.sh, which nodes fetch while keys are rotated. */
  readonly keysText: string
  /** apps/node/delta.sh, which makes whole bundles of what changed. */
  readonly deltaText: string
  /** Where nodes sync from now on, in order; more than one while the server moves. */
  readonly servers: readonly { readonly url: string; readonly pin: string | null }[]
}

export type MachineDeps = {
  readonly db: Db
  readonly hints: Hints
  readonly now: () => Date
  readonly random: (bytes: number) => Uint8Array
  readonly seal: Seal
  readonly settings: MachineSettings
}

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
