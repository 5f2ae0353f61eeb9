/**
 * What came of something that a node was asked to do. Told until it is heard, so the same answer may come twice: the first one counts.
 */
import { type AnswerMessage, parseAnswer } from '@spanwire/mesh/protocol/parse-answer'
import { takeAnswer } from '../cluster/take-answer.ts'
import { type Answer, type NodeRequest, nothing, refuse } from './answer.ts'
import { bearer } from './bearer.ts'
import type { Machine } from './machine.ts'
import { bumpRevision } from './machine-revision.ts'
import { readBody } from './read-body.ts'
import { sha256hex } from './sha256.ts'
import { inSqlTransaction } from './sql.ts'
import { unavailable } from './sync-node.ts'
import { tellTombstone } from './tell-tombstone.ts'

export async function recordAnswer(machine: Machine, request: NodeRequest): Promise<Answer> {
  const credential = bearer(request, 'swn')
  if (credential === null) return refuse('unknown', 'this is no node credential; run the join line again')
  const parsed = parseAnswer(readBody(request, 'answer'))
  if (!parsed.ok) return refuse(parsed.error.kind, parsed.error.message)
  if (machine.mirror.isAway) return unavailable
  const found = await machine.mirror.find(sha256hex(credential))
  if (!found) return tellTombstone(machine, sha256hex(credential))
  await write(machine, found.network.settings.id, found.network.organizationId, found.node.id, parsed.value)
  return nothing
}

async function write(machine: Machine, network: string, organization: string, nodeId: string, said: AnswerMessage) {
  const isNew = await inSqlTransaction(machine.db.pool, async (sql) => {
    await bumpRevision(sql, network)
    const [asked] = await sql.query<{ kind: string; forNodeId: string | null }>(
      `UPDATE node_requests SET state = $3::request_state, code = $4, evidence = $5, answered_at = $6
        WHERE id = $1 AND node_id = $2 AND state = 'asked' RETURNING kind, for_node_id "forNodeId"`,
      [said.request, nodeId, said.state, said.code, said.evidence, machine.now()],
    )
    if (!asked) return false
    await takeAnswer(sql, machine, { ...asked, nodeId, networkId: network, said })
    return true
  })
  if (!isNew) return
  machine.stewards.soon(network)
  machine.hints.publish({ kind: 'node', network, organization, node: nodeId })
}
