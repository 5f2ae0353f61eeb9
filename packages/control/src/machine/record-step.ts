/**
 * The ledger of a join in the machine's own words, as they come. A step never stands in the way of the join: what cannot be placed
 * is forgotten, politely.
 */
import { k3sLogCode } from '@spanwire/mesh/cluster/k3s-log-code'
import { parseStep, type StepMessage } from '@spanwire/mesh/protocol/parse-step'
import { hashToken } from '../secrets.ts'
import { type Answer, type NodeRequest, nothing, refuse } from './answer.ts'
import { bearer } from './bearer.ts'
import { findToken, whyNot } from './claim-token.ts'
import type { Machine } from './machine.ts'
import { readBody } from './read-body.ts'
import { sha256hex } from './sha256.ts'
import { unavailable } from './sync-node.ts'
import { tellTombstone } from './tell-tombstone.ts'

export async function recordStep(machine: Machine, request: NodeRequest): Promise<Answer> {
  const parsed = parseStep(readBody(request, 'step'))
  if (!parsed.ok) return refuse(parsed.error.kind, parsed.error.message)
  if (machine.mirror.isAway) return unavailable
  const credential = bearer(request, 'swn')
  if (credential !== null) {
    const found = await machine.mirror.find(sha256hex(credential))
    if (!found) return tellTombstone(machine, sha256hex(credential))
    await write(machine, found.network.settings.id, found.node.id, parsed.value)
    machine.ingest.watch(found.node.id)
    return nothing
  }
  const token = bearer(request, 'swj')
  const known = token === null ? null : await findToken(machine.sql, hashToken(token))
  if (!known) return refuse('unknown', 'this token is not known here; copy the line again from the add-node page')
  const [usable] = await machine.sql.query(
    'SELECT 1 FROM join_tokens WHERE id = $1 AND uses < max_uses AND expires_at > $2 AND revoked_at IS NULL',
    [known.id, machine.now()],
  )
  if (!usable) {
    const reason = await whyNot(machine.sql, known.id)
    // The line was pasted again on a machine that has joined: who it is it can only prove with its credential, a moment later.
    return reason.code === 'token-used' ? nothing : refuse(reason.code, reason.message)
  }
  // A join key has no node yet: its first steps are said to nobody.
  if (known.nodeId !== null) await write(machine, known.networkId, known.nodeId, parsed.value)
  return nothing
}

async function write(machine: Machine, networkId: string, nodeId: string, said: StepMessage): Promise<void> {
  await machine.sql.query(
    `INSERT INTO join_steps (node_id, step, said, said_at, code, evidence)
     SELECT id, $2, $3, $4, $5, $6 FROM nodes WHERE id = $1
     ON CONFLICT (node_id, step) DO UPDATE
        SET said = excluded.said, said_at = excluded.said_at, code = excluded.code, evidence = excluded.evidence`,
    [nodeId, said.step, said.state, machine.now(), codeOf(said), said.evidence],
  )
  machine.hints.publish({ kind: 'ledger', network: networkId, node: nodeId })
}

/** A service that ends says why in its log, whose last lines the machine sends as they are. */
function codeOf({ code, evidence }: StepMessage): string | null {
  return code === 'service-failed' ? (k3sLogCode(evidence ?? '') ?? code) : code
}
