/** What a server of the cluster told us, put where it belongs. In the transaction of its answer. */

import { parseK3sToken } from '@spanwire/mesh/cluster/k3s-token'
import type { AnswerMessage } from '@spanwire/mesh/protocol/parse-answer'
import type { MachineDeps } from '../machine/machine.ts'
import { type MachineEvent, recordEvents } from '../machine/record-events.ts'
import type { Sql } from '../machine/sql.ts'
import { sealToken } from './tokens.ts'

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
  await noteRemoval(sql, deps, answered)
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

/** Minutes: a machine that waits for it fetches it within seconds. */
export const JOIN_TOKEN_SECONDS = 900

/** The steps of a removal, each a fact of its own. */
const REMOVAL: Readonly<Record<string, string>> = {
  'k3s-cordon': 'cordon',
  'k3s-drain': 'drain',
  'k3s-delete-node': 'delete',
  'k3s-forget-password': 'password',
  'k3s-uninstall': 'uninstall',
}

async function noteRemoval(
  sql: Sql,
  deps: MachineDeps,
  { kind, nodeId, forNodeId, networkId, said }: Answered,
): Promise<void> {
  const step = REMOVAL[kind]
  if (!step) return
  const fact = { state: said.state, text: said.evidence ?? said.code ?? said.state, at: deps.now().toISOString() }
  const rows = await sql.query<{ name: string; organizationId: string }>(
    `UPDATE cluster_nodes m SET removal = jsonb_set(coalesce(m.removal, '{}'), ARRAY[$2], $3::jsonb)
       FROM nodes n JOIN networks w ON w.id = n.network_id
      WHERE m.node_id = $1 AND n.id = m.node_id AND m.removal IS NOT NULL
      RETURNING n.name, w.organization_id "organizationId"`,
    [forNodeId ?? nodeId, step, JSON.stringify(fact)],
  )
  const events: MachineEvent[] = rows.map(({ name, organizationId }) => ({
    organizationId,
    networkId,
    actor: { kind: 'node', name },
    action: `cluster.${step}`,
    subject: { kind: 'node', id: forNodeId ?? nodeId, name },
    after: fact,
  }))
  await recordEvents(sql, deps, events)
}
