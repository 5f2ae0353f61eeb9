import { createHash } from 'node:crypto'
import { chooseRange } from '@spanwire/lab/fleet/choose-range'
import pg from 'pg'
import type { RealServer } from './real-server.ts'
import { sampleKey } from './sample-key.ts'

export type Planted = { readonly id: string; readonly gatewayId: string }

/** The credential of a planted member: whoever knows seed and number has it. */
export const credentialOf = (seed: string, number: number): string => `swn_${hex(`${seed} ${number}`)}`

/** A gateway and members as if they had joined, straight into the database: 10,000 joins take minutes, and are not what is measured. */
export async function plantNetwork(server: RealServer, name: string, members: number): Promise<Planted> {
  const { rest } = server
  const { id } = await chooseRange(async () => {
    const { cidr4 } = await rest<{ cidr4: string }>('GET', '/network-proposal')
    return rest<{ id: string }>('POST', '/networks', { name, cidr4, simulated: true })
  })
  const { databaseUrl } = await server.holder()
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const numbers = Array.from({ length: members + 1 }, (_, i) => i + 1)
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO nodes (id, network_id, name, role, state, endpoint, ordinal, public_key, credential_hash, changed_revision,
                          gateway_number, created_by, enrolled_at, tombstone_proof, machine)
       SELECT gen_random_uuid(), $1, 'node-' || n, (CASE n WHEN 1 THEN 'gateway' ELSE 'member' END)::node_role, 'active',
              CASE n WHEN 1 THEN '203.0.113.7:51820' END, n, key, decode(hash, 'hex'), 1, CASE n WHEN 1 THEN 1 END, 'bench', now(), decode(hash, 'hex'), hash
         FROM unnest($2::int[], $3::text[], $4::text[]) AS all_of_them (n, key, hash)
       RETURNING id, ordinal`,
      [id, numbers, numbers.map(sampleKey), numbers.map((n) => hex(credentialOf(name, n)))],
    )
    await client.query(
      'INSERT INTO address_leases (network_id, ordinal, node_id) SELECT $1, ordinal, id FROM nodes WHERE network_id = $1',
      [id],
    )
    await client.query('UPDATE networks SET revision = revision + 1 WHERE id = $1', [id])
    const gateway = await client.query<{ id: string }>('SELECT id FROM nodes WHERE network_id = $1 AND ordinal = 1', [
      id,
    ])
    if (rows.length !== members + 1) throw new Error(`${rows.length} nodes were planted`)
    return { id, gatewayId: gateway.rows[0]?.id ?? '' }
  } finally {
    await client.end()
  }
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex')
