/**
 * Who of a cluster may do what at this moment. A function of what is known and of the time, asked again whenever something changes; it
 * remembers nothing, so a lost message or a restarted server changes nothing either.
 *
 *   first server   preflight ─ install ─ watch ─ nothing left
 *   other server   preflight ─ wait for a live server ─ wait for its turn ─ install ─ watch
 *   agent          preflight ─ wait for a live server ─ mint a token there ─ wait for it ─ install ─ watch
 *
 * Nobody is told to install before the facts of the machine are in and nothing critical was found in them. That is looked at until
 * the moment it is told, and no more after: what k3s itself changes on the machine must not hold it.
 *
 * Servers join one at a time: etcd takes one new member, and of three that come at once one is left out for good (k3s#4335).
 */

import { humanAge } from '../health/human-age.ts'
import { REPORT_FRESH_MS } from '../health/reporting-status.ts'
import type { ClusterRole } from './cluster-node.ts'
import type { Datastore } from './cluster-settings.ts'

export type JoiningNode = {
  readonly id: string
  readonly name: string
  /** Its place in the network: who came first is first. */
  readonly ordinal: number
  readonly role: 'server' | 'agent'
  /** Not paused, not quarantined, not leaving. */
  readonly isAtWork: boolean
  /** Its last report, milliseconds. */
  readonly heardAt: number | null
  readonly isTunnelUp: boolean
  /** From its reports: whether our k3s is there, and how it is. */
  readonly k3s: 'absent' | 'installing' | 'running' | 'failed'
  /** What was found on the machine: nothing that holds it, not heard of yet, or what has to be put right first. */
  readonly preflight: 'clear' | 'unknown' | PreflightHold
  /** Why it failed, for people. */
  readonly failure: string | null
  readonly isRegistered: boolean
  readonly isReady: boolean
  /** A pod on it has answered since it joined. */
  readonly isProven: boolean
  /** Made for this join of this node; null when there is none, or it is used up. */
  readonly tokenUntil: number | null
  /** A token for it was asked for, and no answer has come. */
  readonly mintAskedAt: number | null
}

export type PreflightHold = { readonly sentence: string; readonly fix: string }

export type JoiningCluster = {
  readonly datastore: Datastore
  /** The node that made the cluster; null before there is one. */
  readonly founderId: string | null
  /** The founder has handed over the server token and the CA. */
  readonly hasServerToken: boolean
}

export type JoinAction =
  | { readonly do: 'install'; readonly as: ClusterRole; readonly via: string | null }
  /** The sentence is for the time until the answer: an answer that is late is waited for as long as nobody else is asked. */
  | { readonly do: 'mint-token'; readonly on: string; readonly sentence: string }
  /** `for` is the node that it waits for, when it is one. */
  | { readonly do: 'wait'; readonly for: string | null; readonly sentence: string }
  /** It is at work itself; its own steps have their clocks. */
  | { readonly do: 'watch'; readonly sentence: string }
  /** Nothing goes on by itself: the line has to be pasted again. */
  | { readonly do: 'stopped'; readonly sentence: string; readonly fix: string }
  | { readonly do: 'nothing' }

/** A token that ends sooner than that is not started with: a slow download outlives it. */
const TOKEN_MARGIN_MS = 120_000
/** An answer that has not come by then will not: it is asked for anew, of whoever lives. */
const MINT_PATIENCE_MS = 90_000

export function joinPlan(
  cluster: JoiningCluster,
  nodes: readonly JoiningNode[],
  now: number,
): ReadonlyMap<string, JoinAction> {
  const ordered = [...nodes].sort((a, b) => a.ordinal - b.ordinal)
  const founder = founderOf(cluster, ordered)
  const live = ordered.filter((node) => isLive(node, now))
  return new Map(ordered.map((node) => [node.id, actionOf(node, { cluster, ordered, founder, live, now })]))
}

type Scene = {
  readonly cluster: JoiningCluster
  readonly ordered: readonly JoiningNode[]
  readonly founder: JoiningNode | null
  readonly live: readonly JoiningNode[]
  readonly now: number
}

/** Who made the cluster, or is to make it: the first server at work. */
function founderOf({ founderId }: JoiningCluster, ordered: readonly JoiningNode[]): JoiningNode | null {
  if (founderId !== null) return ordered.find(({ id }) => id === founderId) ?? null
  return ordered.find(({ role, isAtWork }) => role === 'server' && isAtWork) ?? null
}

/** A server that others can join: its k3s runs, it is Ready, reports, and its tunnel carries. */
const isLive = ({ role, isAtWork, k3s, isReady, isTunnelUp, heardAt }: JoiningNode, now: number): boolean =>
  role === 'server' &&
  isAtWork &&
  k3s === 'running' &&
  isReady &&
  isTunnelUp &&
  heardAt !== null &&
  Math.abs(now - heardAt) <= REPORT_FRESH_MS

function actionOf(node: JoiningNode, scene: Scene): JoinAction {
  if (node.isProven) return { do: 'nothing' }
  if (!node.isAtWork) return wait(null, `${node.name} is not at work in the network`)
  if (node.k3s === 'failed')
    return {
      do: 'stopped',
      sentence: `${node.name}: ${node.failure ?? 'k3s failed'}`,
      fix: 'Mend it, then paste the line again: it goes on from there.',
    }
  if (node.k3s !== 'absent') return { do: 'watch', sentence: atWork(node) }
  if (node.preflight === 'unknown') return wait(null, `waiting for ${node.name} to tell what it finds on itself`)
  if (node.preflight !== 'clear')
    return { do: 'stopped', sentence: `${node.name}: ${node.preflight.sentence}`, fix: node.preflight.fix }
  const { founder, cluster } = scene
  if (!founder) return wait(null, 'waiting for a server: the cluster has none yet')
  if (cluster.founderId === null && founder.id === node.id) return { do: 'install', as: 'server-first', via: null }
  return join(node, founder, scene)
}

/** Everybody but the founder, before k3s is there. */
function join(node: JoiningNode, founder: JoiningNode, { cluster, ordered, live, now }: Scene): JoinAction {
  if (node.role === 'server' && cluster.datastore === 'sqlite') {
    return {
      do: 'stopped',
      sentence: `${node.name} cannot be a second server: SQLite is a file of the first one`,
      fix: 'Make it an agent, or make the cluster with etcd or an external datastore.',
    }
  }
  const [via] = live
  if (!via) return wait(founder, waitingFor(founder, now))
  if (!node.isTunnelUp) return wait(null, `waiting for the tunnel of ${node.name}`)
  if (node.role === 'server') {
    const before = ordered.find((other) => other.id !== node.id && isInTheWay(other, node))
    if (before) return wait(before, `waiting for ${before.name} to finish: servers join one at a time`)
    if (!cluster.hasServerToken)
      return wait(via, `waiting for ${via.name} to tell the token of the cluster, ${lastHeard(via, now)}`)
    return { do: 'install', as: 'server', via: via.id }
  }
  if (node.tokenUntil !== null && node.tokenUntil - now > TOKEN_MARGIN_MS)
    return { do: 'install', as: 'agent', via: via.id }
  const asked = node.mintAskedAt === null ? null : now - node.mintAskedAt
  const since = asked === null ? '' : `asked ${humanAge(asked)} ago, `
  const sentence = `waiting for ${via.name} to mint a join token, ${since}${lastHeard(via, now)}`
  return asked !== null && asked < MINT_PATIENCE_MS ? wait(via, sentence) : { do: 'mint-token', on: via.id, sentence }
}

/** Another server that is at it, or comes first. One that failed, is held or is away holds nobody up. */
function isInTheWay(other: JoiningNode, node: JoiningNode): boolean {
  if (other.role !== 'server' || !other.isAtWork || other.isReady || other.k3s === 'failed') return false
  return other.k3s !== 'absent' || (other.ordinal < node.ordinal && other.isTunnelUp && other.preflight === 'clear')
}

function waitingFor(founder: JoiningNode, now: number): string {
  if (founder.k3s === 'failed')
    return `waiting for ${founder.name}, where k3s failed: ${founder.failure ?? 'no reason was given'}`
  if (founder.k3s === 'absent' && typeof founder.preflight === 'object')
    return `waiting for ${founder.name}, where something stands in the way of k3s: ${founder.preflight.sentence}`
  if (founder.heardAt === null) return `waiting for ${founder.name}, which has not joined yet`
  if (founder.k3s !== 'running' && founder.isRegistered)
    return `waiting for ${founder.name}, where k3s does not run, ${lastHeard(founder, now)}`
  return `waiting for ${founder.name}, ${lastHeard(founder, now)}`
}

function atWork({ name, k3s, isRegistered, isReady }: JoiningNode): string {
  if (k3s === 'installing') return `${name} installs k3s`
  if (!isRegistered) return `k3s runs on ${name}, and Kubernetes does not list it yet`
  return isReady ? `${name} is Ready, and no pod on it has answered yet` : `${name} is registered, and not Ready yet`
}

const wait = (node: JoiningNode | null, sentence: string): JoinAction => ({
  do: 'wait',
  for: node?.id ?? null,
  sentence,
})

const lastHeard = ({ heardAt }: JoiningNode, now: number): string =>
  heardAt === null ? 'never heard' : `last heard ${humanAge(now - heardAt)} ago`
