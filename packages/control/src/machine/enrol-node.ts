/**
 * A machine joins. One transaction, one winner: the network's row is locked, so places and names are given one after the other, and
 * the token is claimed by one conditional UPDATE.
 *
 * The same token with the same credential and key answers the same node again, however often: an answer that got lost on the way
 * costs nothing. Anything else with a used token is refused, also for who saw the token and the public key.
 */

import { invariant } from '@spanwire/mesh/invariant'
import { formatAddress } from '@spanwire/mesh/ip/address'
import { nodeV4 } from '@spanwire/mesh/ip/address-plan'
import { parsePrefix } from '@spanwire/mesh/ip/prefix'
import { type Enrolment, parseEnrol } from '@spanwire/mesh/protocol/parse-enrol'
import { hashToken, makeToken } from '../secrets.ts'
import { type Answer, MachineRefusal, type NodeRequest, refuse } from './answer.ts'
import { bearer } from './bearer.ts'
import { claimToken, findToken, type Token } from './claim-token.ts'
import { confirmEnrolment } from './confirm-enrolment.ts'
import { defaultEndpoint } from './default-endpoint.ts'
import { giveGatewayNumber } from './give-gateway-number.ts'
import { giveMissingNumbers } from './give-missing-numbers.ts'
import { givePlace } from './give-place.ts'
import type { Machine } from './machine.ts'
import { bumpRevision } from './machine-revision.ts'
import { type NetworkHead, readNetworkHead } from './network-rows.ts'
import { nodeOfToken } from './node-of-token.ts'
import { proofOf } from './proof-of.ts'
import { readBody } from './read-body.ts'
import { recordEvents } from './record-events.ts'
import { sendBundle } from './send-bundle.ts'
import { inSqlTransaction, isSqlState, type Sql, UNIQUE_VIOLATION } from './sql.ts'

type Enrolled = {
  readonly nodeId: string
  readonly networkId: string
  readonly revision: number
  readonly proof: string
}

export async function enrolNode(machine: Machine, request: NodeRequest): Promise<Answer> {
  const token = bearer(request, 'swj')
  if (token === null) return refuse('unknown', 'this is no join token; copy the line again from the add-node page')
  const parsed = parseEnrol(readBody(request, 'enrol'))
  if (!parsed.ok) return refuse(parsed.error.kind, parsed.error.message)
  const enrolled = await enrolOnce(machine, token, parsed.value, request.address)
  const network = await machine.mirror.get(enrolled.networkId, enrolled.revision)
  const node = network?.nodes.get(enrolled.nodeId)
  if (!network || !node) return refuse('unknown', 'this node was removed while it joined; make a new line')
  machine.mirror.heard(enrolled.nodeId, parsed.value)
  machine.hints.publish({ kind: 'ledger', network: enrolled.networkId, node: enrolled.nodeId })
  return sendBundle(machine, network, node, { tombstone: enrolled.proof })
}

async function enrolOnce(machine: Machine, token: string, enrolment: Enrolment, address: string | null) {
  try {
    return await inSqlTransaction(machine.db.pool, (sql) => enrol(machine, sql, token, enrolment, address))
  } catch (error) {
    // Another network's node has it: the indexes on credential and key are the last word.
    if (isSqlState(error, UNIQUE_VIOLATION)) throw keyInUse()
    throw error
  }
}

async function enrol(
  machine: Machine,
  sql: Sql,
  token: string,
  enrolment: Enrolment,
  address: string | null,
): Promise<Enrolled> {
  const found = await findToken(sql, hashToken(token))
  if (!found)
    throw new MachineRefusal('unknown', 'this token is not known here; copy the line again from the add-node page')
  const network = await readNetworkHead(sql, found.networkId, true)
  if (!network) throw new MachineRefusal('unknown', 'the network of this token is gone; make a new line')
  const again = await enrolledBefore(machine, sql, found, network, enrolment)
  if (again) return again

  await claimToken(sql, found.id, machine.now())
  await refuseKnownKeys(sql, network.settings.id, enrolment)
  const node = await nodeOfToken(machine, sql, found, enrolment.hostname)
  if (node.role === 'member') await needGateway(sql, network.settings.id)
  if (node.role === 'gateway') await giveMissingNumbers(sql, network.settings.id)
  const gatewayNumber = node.role === 'gateway' ? await giveGatewayNumber(sql, network.settings.id) : null
  const ordinal = await givePlace(sql, network.settings, { nodeId: node.id }, machine.now())
  const revision = await bumpRevision(sql, network.settings.id)
  const proof = makeToken('swt', machine.random)
  const endpoint =
    node.endpoint ?? (node.role === 'gateway' ? defaultEndpoint(address, network.settings.listenPort) : null)
  await sql.query(
    `UPDATE nodes
        SET state = 'enrolled', ordinal = $2, public_key = $3, credential_hash = $4, tombstone_proof = $5, machine = $6,
            endpoint = $7, changed_revision = $8, enrolled_at = $9, gateway_number = $10,
            slot_a = s.first_gateway_id, slot_b = s.second_gateway_id,
            slot_first = CASE WHEN s.first_gateway_id IS NOT NULL THEN 'a' END
       FROM (SELECT n.id, first_gateway_id, second_gateway_id
               FROM nodes n LEFT JOIN sites ON sites.id = n.site_id AND n.role = 'member' WHERE n.id = $1) s
      WHERE nodes.id = s.id`,
    [
      node.id,
      ordinal,
      enrolment.publicKey,
      Buffer.from(enrolment.credentialSha256, 'hex'),
      machine.seal.encrypt(proof, proofOf(node.id)),
      enrolment.machine,
      endpoint,
      revision,
      machine.now(),
      gatewayNumber,
    ],
  )
  const place = placeOf(network, ordinal)
  await confirmEnrolment(sql, machine.now(), node.id, enrolment, `${place} given, revision ${revision}`)
  await recordEvents(sql, machine, [
    {
      organizationId: network.organizationId,
      networkId: network.settings.id,
      actor: { kind: 'node', name: node.name },
      action: 'node.enrol',
      subject: { kind: 'node', id: node.id, name: node.name },
      after: { name: node.name, role: node.role, address4: place, publicKey: enrolment.publicKey, endpoint },
      address,
    },
  ])
  return { nodeId: node.id, networkId: network.settings.id, revision, proof }
}

/** For as long as the node lives, also when the token has expired meanwhile. */
async function enrolledBefore(
  machine: Machine,
  sql: Sql,
  token: Token,
  network: NetworkHead,
  enrolment: Enrolment,
): Promise<Enrolled | null> {
  const [node] = await sql.query<{ id: string; tombstone_proof: Uint8Array }>(
    `SELECT id, tombstone_proof FROM nodes
      WHERE network_id = $1 AND credential_hash = $2 AND public_key = $3 AND ($4::uuid IS NULL OR id = $4)`,
    [network.settings.id, Buffer.from(enrolment.credentialSha256, 'hex'), enrolment.publicKey, token.nodeId],
  )
  if (!node) return null
  const proof = machine.seal.decrypt(node.tombstone_proof, proofOf(node.id))
  return { nodeId: node.id, networkId: network.settings.id, revision: network.revision, proof }
}

/** A removed node's key and credential stay taken: its tombstone is found by them. */
async function refuseKnownKeys(sql: Sql, networkId: string, enrolment: Enrolment): Promise<void> {
  const [known] = await sql.query(
    `SELECT 1 FROM nodes WHERE credential_hash = $2 OR (network_id = $1 AND $3 IN (public_key, direct_key))
     UNION ALL
     SELECT 1 FROM tombstones WHERE credential_hash = $2 OR (network_id = $1 AND public_key = $3)
     UNION ALL
     SELECT 1 FROM devices WHERE network_id = $1 AND public_key = $3
     LIMIT 1`,
    [networkId, Buffer.from(enrolment.credentialSha256, 'hex'), enrolment.publicKey],
  )
  if (known) throw keyInUse()
}

const keyInUse = () =>
  new MachineRefusal(
    'key-in-use',
    'another node has, or had, this key; run "spanwire leave" on this machine, then paste the line again: it makes new ones',
  )

async function needGateway(sql: Sql, networkId: string): Promise<void> {
  const [gateway] = await sql.query(
    `SELECT 1 FROM nodes WHERE network_id = $1 AND role = 'gateway' AND ordinal IS NOT NULL LIMIT 1`,
    [networkId],
  )
  if (gateway) return
  throw new MachineRefusal(
    'gateway-first',
    'this network has no gateway yet; join the gateway first, then paste this line again',
  )
}

function placeOf(network: NetworkHead, ordinal: number): string {
  const overlay = parsePrefix(network.settings.cidr4)
  invariant(overlay.ok, 'the range was checked when the network was made')
  return formatAddress(nodeV4(overlay.value, ordinal))
}
