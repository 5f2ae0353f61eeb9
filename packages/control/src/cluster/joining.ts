/** A cluster's rows as the rule of who may do what reads them. */
import { type JoinAction, type JoiningNode, joinPlan } from '@spanwire/mesh/cluster/join-plan'
import { EVIDENCE_FRESH_MS } from '@spanwire/mesh/health/tunnel-status'
import type { Context } from '../context.ts'
import { milliseconds } from '../node/read-nodes.ts'
import type { ClusterRecord, MemberRecord } from './read-cluster.ts'
import { holdOf, type JudgedPreflight, type PreflightDeps, readPreflights } from './read-preflights.ts'
import { JOIN_TOKEN_SECONDS } from './tokens.ts'

export type Mint = { readonly nodeId: string; readonly askedAt: number }

export async function readMints(ctx: Pick<Context, 'db'>, clusterId: string): Promise<Mint[]> {
  const { rows } = await ctx.db.pool.query<Mint>(
    `select r.for_node_id "nodeId", max(${milliseconds('r.created_at')}) "askedAt"
      from node_requests r join cluster_nodes m on m.node_id = r.for_node_id
      where m.cluster_id = $1 and r.kind = 'k3s-mint-token' and r.state = 'asked' group by 1`,
    [clusterId],
  )
  return rows
}

/** Of those alone whom it can hold. */
export function readHolds(
  deps: PreflightDeps,
  networkId: string,
  members: readonly MemberRecord[],
): Promise<ReadonlyMap<string, JudgedPreflight>> {
  const waiting = members.filter((member) => member.clearedAt === null && stateOf(member) === 'absent')
  return readPreflights(
    deps,
    networkId,
    waiting.map(({ nodeId }) => nodeId),
  )
}

export function joinActions(
  cluster: ClusterRecord,
  members: readonly MemberRecord[],
  mints: readonly Mint[],
  preflights: ReadonlyMap<string, JudgedPreflight>,
  now: number,
): ReadonlyMap<string, JoinAction> {
  const founder = members.find((member) => member.first && member.said?.service === 'active')
  return joinPlan(
    {
      datastore: cluster.settings.datastore,
      founderId: cluster.hasServerToken
        ? (members.find((member) => member.first)?.nodeId ?? null)
        : (founder?.nodeId ?? null),
      hasServerToken: cluster.hasServerToken,
    },
    members.filter((member) => member.ordinal !== null).map((member) => joining(member, mints, preflights, now)),
    now,
  )
}

function joining(
  member: MemberRecord,
  mints: readonly Mint[],
  preflights: ReadonlyMap<string, JudgedPreflight>,
  now: number,
): JoiningNode {
  const { said } = member
  // Kubernetes lists names: before this machine has k3s, what has its name there is another one, imaged anew since.
  const seen = stateOf(member) === 'absent' ? null : member.seen
  return {
    id: member.nodeId,
    name: member.nodeName,
    ordinal: member.ordinal ?? 0,
    role: member.role,
    isAtWork: (member.nodeState === 'active' || member.nodeState === 'enrolled') && member.removal === null,
    heardAt: member.reportedAt,
    isTunnelUp: member.heardAt !== null && Math.abs(now - member.heardAt) <= EVIDENCE_FRESH_MS,
    k3s: stateOf(member),
    preflight: member.clearedAt === null ? holdOf(preflights.get(member.nodeId)) : 'clear',
    failure: said?.failure?.text ?? null,
    isRegistered: seen !== null,
    isReady: seen?.ready === 'True',
    isProven: seen?.podAnsweredAt != null || (seen?.ready === 'True' && said?.subnet4 === null),
    tokenUntil: isTokenSpent(member, now) ? null : member.joinTokenUntil,
    mintAskedAt: mints.find(({ nodeId }) => nodeId === member.nodeId)?.askedAt ?? null,
  }
}

/** k3s calls its token expired or unknown: another is minted, when it has had the time to try the last one. */
const TOKEN_CODES = ['token-expired', 'token-wrong']
const MINT_AGAIN_MS = 30_000

function isTokenSpent({ said, joinTokenUntil }: MemberRecord, now: number): boolean {
  const mintedAt = (joinTokenUntil ?? 0) - JOIN_TOKEN_SECONDS * 1000
  return TOKEN_CODES.includes(said?.failure?.code ?? '') && now - mintedAt > MINT_AGAIN_MS
}

function stateOf(member: MemberRecord): JoiningNode['k3s'] {
  const { said } = member
  if (member.role === 'agent' && TOKEN_CODES.includes(said?.failure?.code ?? '')) return 'absent'
  if (!said || said.service === 'absent') return said?.failure ? 'failed' : 'absent'
  if (said.service === 'active') return 'running'
  return said.failure ? 'failed' : 'installing'
}

/** What was found on its machine is why it does not go on. */
export const isHeld = (member: MemberRecord, action: JoinAction | undefined): boolean =>
  action?.do === 'stopped' && member.clearedAt === null && stateOf(member) === 'absent'

/** What a node does next, or waits for, as a sentence. */
export function doing(action: JoinAction | undefined, nameOf: (id: string) => string): string {
  if (!action) return 'has not joined the network yet'
  switch (action.do) {
    case 'install':
      return action.via === null ? 'makes the cluster' : `joins ${nameOf(action.via)}`
    case 'nothing':
      return 'is in the cluster'
    default:
      return action.sentence
  }
}

/** What its ledger waits for; null when the clocks of its own steps run. */
export function waitingFor(action: JoinAction | undefined, nameOf: (id: string) => string): string | null {
  return action?.do === 'wait' || action?.do === 'mint-token' ? doing(action, nameOf) : null
}
