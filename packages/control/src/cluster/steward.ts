/**
 * What goes on by itself in a cluster: tokens are asked for when somebody waits for one, the first server is asked for what it made,
 * requests that nobody answered end, and a removal takes its next step. A function of the rows, run every few seconds by every server
 * process; the lock lets one at a time.
 */
import type { JoinAction } from '@spanwire/mesh/cluster/join-plan'
import { REQUESTS, type RequestKind } from '@spanwire/mesh/protocol/request-kinds'
import type { MachineDeps } from '../machine/machine.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import { inSqlTransaction, type Sql } from '../machine/sql.ts'
import { uuid7 } from '../machine/uuid7.ts'
import { joinActions, readMints } from './joining.ts'
import { type MemberRecord, readCluster } from './read-cluster.ts'
import { nextRemovalStep } from './removal-steps.ts'
import { JOIN_TOKEN_SECONDS } from './take-answer.ts'

export type Wish = {
  readonly nodeId: string
  readonly kind: RequestKind
  readonly args: readonly string[]
  readonly forNodeId: string | null
}

/** How long a machine may take to fetch what it is asked. */
const FETCH_SECONDS = 60

export async function stewardCluster(deps: MachineDeps, networkId: string): Promise<void> {
  const found = await readCluster(deps, null, networkId)
  if (!found) return
  const { cluster, members } = found
  const now = deps.now().getTime()
  const actions = joinActions(cluster, members, await readMints(deps, cluster.id), now)
  const wishes = [
    ...members.flatMap((member) => mintFor(member, actions.get(member.nodeId))),
    ...(cluster.hasServerToken ? [] : readFounder(members)),
    ...members.flatMap((member) => removalOf(member, members, now)),
  ]
  await inSqlTransaction(deps.db.pool, async (sql) => {
    const [lock] = await sql.query<{ ours: boolean }>('SELECT pg_try_advisory_xact_lock(hashtext($1)) AS ours', [
      `spanwire steward ${networkId}`,
    ])
    if (!lock?.ours) return
    const ended = await endUnanswered(sql, deps, networkId)
    const asked = await ask(sql, deps, wishes)
    if (ended || asked) await bumpRevision(sql, networkId)
  })
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

function removalOf(member: MemberRecord, members: readonly MemberRecord[], now: number): Wish[] {
  const server = members.find(
    (other) =>
      other.nodeId !== member.nodeId &&
      other.role === 'server' &&
      other.removal === null &&
      other.said?.service === 'active' &&
      other.saidAt !== null &&
      now - other.saidAt < 60_000,
  )
  const step = nextRemovalStep(member.removal)
  if (!step) return []
  const onServer = step.on === 'server'
  const nodeId = onServer ? server?.nodeId : member.nodeId
  if (nodeId === undefined) return []
  const args = step.args(member.kubernetesName)
  return [{ nodeId, kind: step.kind, args, forNodeId: onServer ? member.nodeId : null }]
}

/** Once for each open request of the same kind for the same node; tells whether anything is new. */
async function ask(sql: Sql, deps: MachineDeps, wishes: readonly Wish[]): Promise<boolean> {
  let isNew = false
  for (const { nodeId, kind, args, forNodeId } of wishes) {
    const { timeoutSeconds } = REQUESTS[kind]
    const at = deps.now()
    const rows = await sql.query(
      `INSERT INTO node_requests (id, node_id, kind, args, for_node_id, timeout_seconds, asked_by, created_at, expires_at)
       SELECT $1, $2, $3, $4, $5, $6, 'spanwire', $7, $8
        WHERE NOT EXISTS (SELECT 1 FROM node_requests
                           WHERE node_id = $2 AND kind = $3 AND for_node_id IS NOT DISTINCT FROM $5::uuid AND state = 'asked')
       RETURNING id`,
      [
        uuid7(at, deps.random),
        nodeId,
        kind,
        [...args],
        forNodeId,
        timeoutSeconds,
        at,
        new Date(at.getTime() + 1000 * (timeoutSeconds + FETCH_SECONDS)),
      ],
    )
    isNew ||= rows.length > 0
  }
  return isNew
}

async function endUnanswered(sql: Sql, deps: MachineDeps, networkId: string): Promise<boolean> {
  const rows = await sql.query(
    `UPDATE node_requests r SET state = 'expired' FROM nodes n
      WHERE n.id = r.node_id AND n.network_id = $1 AND r.state = 'asked' AND r.expires_at < $2 RETURNING r.id`,
    [networkId, deps.now()],
  )
  return rows.length > 0
}
