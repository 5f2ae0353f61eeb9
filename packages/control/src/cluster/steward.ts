/**
 * What goes on by itself in a cluster: tokens are asked for when somebody waits for one, the first server is asked for what it made,
 * requests that nobody answered end, labels reach Kubernetes, a removal and a change of settings take their next step. A function of the rows, run every few seconds by every server
 * process, and at once when something changed. It looks without a lock; what there is to do is looked at again under the lock on
 * the network's row, which answers take too, so nothing is asked twice.
 */
import type { JoinAction } from '@spanwire/mesh/cluster/join-plan'
import type { MachineDeps } from '../machine/machine-deps.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import { inSqlTransaction, type Sql } from '../machine/sql.ts'
import { askNodes, endUnanswered, type Wish } from './ask-nodes.ts'
import { finishRemovals } from './finish-removals.ts'
import { joinActions, readHolds, readMints } from './joining.ts'
import { noteLabelling } from './note-labelling.ts'
import { noteRegistrations } from './note-registrations.ts'
import { type PlacingWish, placingWishes } from './placing.ts'
import { type MemberRecord, readCluster } from './read-cluster.ts'
import { noteRemoval, REMOVAL_OF } from './removal-facts.ts'
import { removalWishes } from './removal-wishes.ts'
import { stepRollout } from './step-rollout.ts'
import { JOIN_TOKEN_SECONDS } from './tokens.ts'

export async function stewardCluster(deps: MachineDeps, networkId: string): Promise<void> {
  await noteRegistrations(deps, networkId)
  if (await hasWork(deps, networkId)) {
    await inSqlTransaction(deps.db.pool, async (sql) => {
      await sql.query('SELECT 1 FROM networks WHERE id = $1 FOR NO KEY UPDATE', [networkId])
      await work(sql, deps, networkId)
    })
  }
  await stepRollout(deps, networkId)
  await finishRemovals(deps, networkId)
}

async function hasWork(deps: MachineDeps, networkId: string): Promise<boolean> {
  const { rows } = await deps.db.pool.query<{ overdue: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM node_requests r JOIN nodes n ON n.id = r.node_id
                     WHERE n.network_id = $1 AND r.state = 'asked' AND r.expires_at < $2) AS overdue`,
    [networkId, deps.now()],
  )
  if (rows[0]?.overdue) return true
  const { wishes, admitted, cleared } = await look(deps, networkId)
  return wishes.length + admitted.length + cleared.length > 0
}

async function work(sql: Sql, deps: MachineDeps, networkId: string): Promise<void> {
  const ended = await endUnanswered(sql, deps.now(), networkId)
  for (const { kind, nodeId, forNodeId } of ended) {
    const step = REMOVAL_OF[kind]
    const text = 'the machine that was asked did not answer in time'
    if (kind === 'k3s-label' && forNodeId)
      await noteLabelling(sql, deps, { nodeId: forNodeId, networkId, state: 'failed', text })
    if (step) await noteRemoval(sql, deps, { step, nodeId: forNodeId ?? nodeId, networkId, state: 'failed', text })
  }
  const { wishes, admitted, cleared } = await look(deps, networkId)
  await clear(sql, deps, cleared)
  await admitServers(sql, admitted)
  const asked = await askNodes(sql, deps, wishes)
  for (const { kind, nodeId, forNodeId, on, placement } of asked) {
    const step = REMOVAL_OF[kind]
    if (placement && forNodeId)
      await noteLabelling(sql, deps, {
        nodeId: forNodeId,
        networkId,
        state: 'asked',
        text: `${on} was asked`,
        asked: placement,
      })
    if (step)
      await noteRemoval(sql, deps, {
        step,
        nodeId: forNodeId ?? nodeId,
        networkId,
        state: 'asked',
        text: `${on} was asked`,
      })
  }
  if (ended.length + asked.length + admitted.length + cleared.length > 0) await bumpRevision(sql, networkId)
}

type Named = (Wish | PlacingWish) & { readonly on: string; readonly placement?: PlacingWish['placement'] }
type Work = {
  readonly wishes: Named[]
  /** Servers whose turn it is. */
  readonly admitted: string[]
  /** Told to install from this moment on. */
  readonly cleared: string[]
}

async function look(deps: MachineDeps, networkId: string): Promise<Work> {
  const found = await readCluster(deps, null, networkId)
  if (!found) return { wishes: [], admitted: [], cleared: [] }
  const { cluster, members } = found
  const now = deps.now().getTime()
  const mints = await readMints(deps, cluster.id)
  const holds = await readHolds({ db: deps.db, serverUrl: deps.settings.url }, networkId, members)
  const actions = joinActions(cluster, members, mints, holds, now)
  const wishes: (Wish | PlacingWish)[] = [
    ...members.flatMap((member) => mintFor(member, actions.get(member.nodeId))),
    ...(cluster.hasServerToken ? [] : readFounder(members)),
    ...placingWishes(members, now),
    ...removalWishes(members, now),
  ]
  const open = await readOpen(deps, networkId)
  return {
    wishes: wishes
      .filter(({ nodeId, kind, forNodeId }) => !open.has(`${nodeId} ${kind} ${forNodeId}`))
      .map((wish) => ({ ...wish, on: members.find(({ nodeId }) => nodeId === wish.nodeId)?.nodeName ?? wish.nodeId })),
    admitted: members.filter((member) => isAdmitted(member, actions.get(member.nodeId))).map(({ nodeId }) => nodeId),
    cleared: members.filter((member) => isCleared(member, actions.get(member.nodeId))).map(({ nodeId }) => nodeId),
  }
}

const isAdmitted = ({ hasJoinToken }: MemberRecord, action: JoinAction | undefined): boolean =>
  action?.do === 'install' && action.as === 'server' && !hasJoinToken

const isCleared = ({ clearedAt }: MemberRecord, action: JoinAction | undefined): boolean =>
  clearedAt === null && (action?.do === 'install' || action?.do === 'mint-token')

/** What is found on it later is k3s' own doing, or stops k3s there by itself. */
async function clear(sql: Sql, deps: MachineDeps, nodeIds: readonly string[]): Promise<void> {
  if (nodeIds.length === 0) return
  await sql.query('UPDATE cluster_nodes SET cleared_at = $2 WHERE node_id = ANY($1::uuid[])', [nodeIds, deps.now()])
}

/** It joins with the token of the cluster, which is given to it now and not before: etcd takes one new member at a time. */
async function admitServers(sql: Sql, nodeIds: readonly string[]): Promise<void> {
  if (nodeIds.length === 0) return
  await sql.query(
    `UPDATE cluster_nodes m SET join_token = c.server_token FROM clusters c
      WHERE c.id = m.cluster_id AND m.node_id = ANY($1::uuid[]) AND m.role = 'server'`,
    [nodeIds],
  )
}

async function readOpen(deps: MachineDeps, networkId: string): Promise<Set<string>> {
  const { rows } = await deps.db.pool.query<{ key: string }>(
    `SELECT concat_ws(' ', r.node_id, r.kind, coalesce(r.for_node_id::text, 'null')) AS key
       FROM node_requests r JOIN nodes n ON n.id = r.node_id
      WHERE n.network_id = $1 AND r.state = 'asked' AND r.expires_at >= $2`,
    [networkId, deps.now()],
  )
  return new Set(rows.map(({ key }) => key))
}

function mintFor(member: MemberRecord, action: JoinAction | undefined): Wish[] {
  if (action?.do !== 'mint-token') return []
  const args = [member.kubernetesName, String(JOIN_TOKEN_SECONDS)]
  return [{ nodeId: action.on, kind: 'k3s-mint-token', args, forNodeId: member.nodeId }]
}

function readFounder(members: readonly MemberRecord[]): Wish[] {
  const founder = members.find((member) => member.first && member.said?.service === 'active')
  return founder ? [{ nodeId: founder.nodeId, kind: 'k3s-read-server', args: [], forNodeId: null }] : []
}
