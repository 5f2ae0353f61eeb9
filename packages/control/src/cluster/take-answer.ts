/** What a server of the cluster told us, put where it belongs. In the transaction of its answer. */
import { parseK3sToken } from '@spanwire/mesh/cluster/k3s-token'
import type { AnswerMessage } from '@spanwire/mesh/protocol/parse-answer'
import type { MachineDeps } from '../machine/machine-deps.ts'
import type { Sql } from '../machine/sql.ts'
import { noteLabelling } from './note-labelling.ts'
import { noteRemoval, REMOVAL_OF } from './removal-facts.ts'
import { JOIN_TOKEN_SECONDS, sealToken } from './tokens.ts'

type Answered = {
  readonly kind: string
  readonly nodeId: string
  readonly forNodeId: string | null
  readonly networkId: string
  readonly said: AnswerMessage
}

export async function takeAnswer(sql: Sql, deps: MachineDeps, answered: Answered): Promise<void> {
  const { kind, said } = answered
  if (said.state === 'done' && said.secret !== null) {
    if (kind === 'k3s-read-server') await takeServer(sql, deps, answered.networkId, said.secret)
    if (kind === 'k3s-mint-token' && answered.forNodeId) await takeToken(sql, deps, answered.forNodeId, said.secret)
  }
  if (kind === 'k3s-sign' && said.state === 'done') {
    // A certificate is no secret; what else a machine might answer may be one.
    await sql.query('UPDATE node_requests SET secret = $2 WHERE id = $1', [
      said.request,
      said.secret === null ? null : sealToken(deps.seal, said.secret.trim()),
    ])
  }
  const { nodeId, forNodeId, networkId } = answered
  const text = said.evidence ?? said.code ?? said.state
  if (kind === 'k3s-label' && forNodeId)
    await noteLabelling(sql, deps, { nodeId: forNodeId, networkId, state: said.state, text })
  const step = REMOVAL_OF[kind]
  if (!step) return
  await noteRemoval(sql, deps, { step, nodeId: forNodeId ?? nodeId, networkId, state: said.state, text })
}

/** `token K10…` on the first line, then the certificate authority as served at /cacerts. */
async function takeServer(sql: Sql, deps: MachineDeps, networkId: string, secret: string): Promise<void> {
  const [first = '', ...rest] = secret.split('\n')
  const token = first.replace(/^token /, '').trim()
  const ca = `${rest.join('\n').trim()}\n`
  const parsed = parseK3sToken(token)
  if (!parsed.ok || parsed.value.caHash === null || !ca.startsWith('-----BEGIN CERTIFICATE-----')) return
  await sql.query('UPDATE clusters SET server_token = $2, ca_pem = $3 WHERE network_id = $1', [
    networkId,
    sealToken(deps.seal, token),
    ca,
  ])
}

async function takeToken(sql: Sql, deps: MachineDeps, nodeId: string, secret: string): Promise<void> {
  const token = secret.trim()
  const parsed = parseK3sToken(token)
  // Only the full form of a token for this one join: never the server's, which opens everything.
  if (!parsed.ok || parsed.value.caHash === null || parsed.value.form !== 'bootstrap') return
  await sql.query(
    `UPDATE cluster_nodes SET join_token = $2, join_token_until = $3 WHERE node_id = $1 AND role = 'agent'`,
    [nodeId, sealToken(deps.seal, token), new Date(deps.now().getTime() + 1000 * JOIN_TOKEN_SECONDS)],
  )
}
