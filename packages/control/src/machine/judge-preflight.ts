/**
 * A machine asks what stands in the way of k3s on it: `--check` with the token of its line, before anything is on it, or later with its
 * own credential. The answer is text for its terminal, of the same words as the console's. A token is not used up by it, and what
 * comes with one is not kept: nobody is enrolled yet.
 */
import { preflightText } from '@spanwire/mesh/cluster/preflight-text'
import { clockSkewMs } from '@spanwire/mesh/health/clock-status'
import { type PreflightMessage, parsePreflightMessage } from '@spanwire/mesh/protocol/parse-preflight-message'
import { rangesElsewhere } from '../cluster/preflight-context.ts'
import { judge, readRecords } from '../cluster/read-preflights.ts'
import { writePreflights } from '../cluster/write-preflights.ts'
import { hashToken } from '../secrets.ts'
import { type Answer, type NodeRequest, nothing, plain, refuse } from './answer.ts'
import { bearer } from './bearer.ts'
import { findToken, whyNot } from './claim-token.ts'
import type { Machine } from './machine.ts'
import { readBody } from './read-body.ts'
import { sha256hex } from './sha256.ts'
import { unavailable } from './sync-node.ts'
import { tellTombstone } from './tell-tombstone.ts'

export async function judgePreflight(machine: Machine, request: NodeRequest): Promise<Answer> {
  const parsed = parsePreflightMessage(readBody(request, 'preflight'))
  if (!parsed.ok) return refuse(parsed.error.kind, parsed.error.message)
  if (machine.mirror.isAway) return unavailable
  const credential = bearer(request, 'swn')
  if (credential === null) {
    const invited = await invitedByToken(machine, request)
    return 'status' in invited ? invited : answerTo(machine, invited, parsed.value)
  }
  const found = await machine.mirror.find(sha256hex(credential))
  if (!found) return tellTombstone(machine, sha256hex(credential))
  const networkId = found.network.settings.id
  const { text, fault } = parsed.value
  const told = { nodeId: found.node.id, networkId, at: machine.now(), block: { text, fault }, listenPort: null }
  const changed = await writePreflights(machine.sql, [told])
  if (changed.size > 0) machine.stewards.soon(networkId)
  return answerTo(machine, { networkId, nodeId: found.node.id }, parsed.value)
}

/** Of whom a token speaks that has a part in a cluster; else the answer: a token that cannot be used any more, or nothing to say. */
export async function invitedByToken(
  machine: Machine,
  request: NodeRequest,
): Promise<{ networkId: string; nodeId: string } | Answer> {
  const token = bearer(request, 'swj')
  const known = token === null ? null : await findToken(machine.sql, hashToken(token))
  if (!known) return refuse('unknown', 'this token is not known here; copy the line again from the add-node page')
  const [usable] = await machine.sql.query<{ nodeId: string | null }>(
    `SELECT m.node_id "nodeId" FROM join_tokens t LEFT JOIN cluster_nodes m ON m.node_id = t.node_id
      WHERE t.id = $1 AND t.uses < t.max_uses AND t.expires_at > $2 AND t.revoked_at IS NULL`,
    [known.id, machine.now()],
  )
  if (!usable) {
    const { code, message } = await whyNot(machine.sql, known.id)
    return refuse(code, message)
  }
  return usable.nodeId === null ? nothing : { networkId: known.networkId, nodeId: usable.nodeId }
}

async function answerTo(
  machine: Machine,
  { networkId, nodeId }: { networkId: string; nodeId: string },
  { text, fault, unixSeconds }: PreflightMessage,
): Promise<Answer> {
  const rows = await readRecords(machine, networkId, null)
  const row = rows.find((other) => other.nodeId === nodeId)
  if (!row) return nothing
  const now = machine.now().getTime()
  const told = {
    ...row,
    facts: fault === null ? text : null,
    factsAt: now,
    fault,
    clockSkewMs: clockSkewMs(unixSeconds, now),
  }
  const { findings, held, known } = judge({ serverUrl: machine.settings.url }, told, rows, rangesElsewhere(rows))
  return plain(preflightText(findings, known, held.length > 0))
}
