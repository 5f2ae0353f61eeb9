/** A network with one gateway and its members, as their reports would have left it, written by SQL: for tests that read. */
import { randomUUID } from 'node:crypto'
import type { Db } from './db.ts'

export type Fleet = {
  readonly network: string
  readonly name: string
  readonly site: string
  readonly gateway: string
  /** by number, counted from 1: `member-1` has the second address of the range */
  member(number: number): string
}

export async function testFleet(
  db: Db,
  given: { organization: string; members: number; at: Date; name?: string; cidr4?: string },
): Promise<Fleet> {
  const { organization, members, at, name = 'fleet', cidr4 = '10.64.0.0/16' } = given
  const [network, site] = [randomUUID(), randomUUID()]
  await db.pool.query(
    `insert into networks (id, organization_id, name, cidr4, cidr6, revision) values ($1, $2, $3, $4, 'fd00:64::/48', 5)`,
    [network, organization, name, cidr4],
  )
  await db.pool.query(`insert into sites (id, network_id, name) values ($1, $2, 'Berlin')`, [site, network])
  // Ordinal 1 is the gateway. A key is any 32 bytes here; the last character carries 4 bits only.
  await db.pool.query(
    `insert into nodes (id, network_id, site_id, name, role, state, labels, endpoint, ordinal, public_key, credential_hash,
        tombstone_proof, created_by, created_at, enrolled_at)
      select gen_random_uuid(), $1::uuid, $2::uuid, case i when 1 then 'gate' else 'member-' || (i - 1) end,
        case i when 1 then 'gateway' else 'member' end::node_role, 'active', '{"rack":"a"}',
        case i when 1 then '203.0.113.7:51820' end, i, rpad(i || '', 42, 'A') || 'A=', sha256(($1::uuid || ':' || i)::bytea), 'sealed',
        'test', $3::timestamptz, $3
      from generate_series(1, $4::int + 1) i`,
    [network, site, at, members],
  )
  await db.pool.query(
    `insert into node_status (node_id, reported_at, instance, applied_epoch, applied_revision, applied_view, script_version,
        uptime_seconds, clock_skew_ms, load1, cpu, memory_total_kb, memory_free_kb, disk_total_kb, disk_free_kb, rx_rate, tx_rate,
        facts, notes)
      select id, $2::timestamptz, 'boot.1', 1, 4, repeat('a', 64), '0.1.0', 3600, 20, 0.25, 0.5, 1000, 400, 1000, 900, 100, 50,
        '{"kernel":"6.1.0","os":"Debian 12","wireguard":"kernel"}', '[]'
      from nodes where network_id = $1`,
    [network, at],
  )
  await db.pool.query(
    `with gate as (select id from nodes where network_id = $1 and ordinal = 1),
        ends as (
          select gate.id node_id, m.id peer_id from gate, nodes m where m.network_id = $1 and m.ordinal > 1
          union all select m.id, gate.id from gate, nodes m where m.network_id = $1 and m.ordinal > 1)
      insert into links (node_id, peer_id, interface_name, reported_at, state, since_at, heard_at, handshake_at, endpoint, rtt_ms,
        sent, lost, rx_bytes, tx_bytes, rx_rate, tx_rate)
      select node_id, peer_id, 'span0', $2, 'alive', $2::timestamptz - interval '1 hour', $2::timestamptz - interval '1 s',
        $2::timestamptz - interval '30 s', '203.0.113.7:51820', 12.5, 100, 1, 10000, 5000, 100, 50
      from ends`,
    [network, at],
  )
  const { rows } = await db.pool.query<{ id: string }>('select id from nodes where network_id = $1 order by ordinal', [
    network,
  ])
  const id = (ordinal: number): string => rows[ordinal - 1]?.id ?? ''
  return { network, name, site, gateway: id(1), member: (number) => id(number + 1) }
}
