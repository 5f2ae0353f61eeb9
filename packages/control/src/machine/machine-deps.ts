/** What the machine side of a server process is given; stewards and verbs that run for it take the same. */
import type { Db } from '../db.ts'
import type { Hints } from '../hints.ts'
import type { Seal } from '../secrets.ts'

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
  /** apps/node/status.sh, which tells the ways to whoever sits at a node. */
  readonly statusText: string
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
