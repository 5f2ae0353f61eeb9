/** What the server knows about a machine that is to join, beside what the machine says of itself. */
import type { Prefix } from '../ip/prefix.ts'
import type { TakenRange } from './check-ranges.ts'
import type { ClusterSettings } from './cluster-settings.ts'
import type { K3sVersion } from './version.ts'

export type PreflightContext = {
  readonly nodeName: string
  readonly network: {
    readonly overlay4: Prefix
    readonly ula: Prefix
    readonly mtu: number
    readonly interfaceName: string
  }
  /** It carries others: it does not knock at a gateway itself. */
  readonly isGateway: boolean
  /** This server runs on that machine. */
  readonly isControlPlane: boolean
  /** Null for a machine that joins the network only. */
  readonly join: {
    readonly role: 'server' | 'agent'
    readonly cluster: ClusterSettings
    /** That will be installed; null when a channel decides. */
    readonly version: K3sVersion | null
    /** That the servers run; null for the first one. */
    readonly serverVersion: K3sVersion | null
    /** Names of the cluster's other nodes, in Kubernetes' own list. */
    readonly nodeNames: readonly string[]
    /** Kubernetes has a node of this very name, from a life before. */
    readonly isNameRemembered: boolean
    /** Its k3s runs: ports and ranges that k3s takes are its own, and its name is. */
    readonly isRunning: boolean
  } | null
  /** What the other machines of the network use. */
  readonly elsewhere: readonly TakenRange[]
}
