/**
 * The ordinal of a node or a device, from which all its addresses follow; kept for life. Fresh numbers first and in order; one that was freed
 * comes back only when it has rested and the range is used up: etcd, kubelet and policies remember addresses.
 */
import { invariant } from '@spanwire/mesh/invariant'
import { formatPrefix, hostCount, parsePrefix } from '@spanwire/mesh/ip/prefix'
import type { NetworkSettings } from '@spanwire/mesh/paths/network-input'
import { MachineRefusal } from './answer.ts'
import type { Sql } from './sql.ts'

export type Holder = { readonly nodeId: string } | { readonly deviceId: string }

/** The caller holds the lock on the network's row. */
export async function givePlace(
  sql: Sql,
  network: Pick<NetworkSettings, 'id' | 'cidr4'>,
  holder: Holder,
  now: Date,
): Promise<number> {
  const overlay = parsePrefix(network.cidr4)
  invariant(overlay.ok, 'the range was checked when the network was made')
  const [nodeId, deviceId] = 'nodeId' in holder ? [holder.nodeId, null] : [null, holder.deviceId]
  const [fresh] = await sql.query<{ ordinal: number }>(
    `INSERT INTO address_leases (network_id, ordinal, node_id, device_id)
     SELECT $1::uuid, next, $2::uuid, $3::uuid
       FROM (SELECT coalesce(max(ordinal), 0) + 1 AS next FROM address_leases WHERE network_id = $1::uuid) AS after_the_last
      WHERE next <= $4::bigint
     RETURNING ordinal`,
    [network.id, nodeId, deviceId, String(hostCount(overlay.value))],
  )
  if (fresh) return fresh.ordinal
  const [rested] = await sql.query<{ ordinal: number }>(
    `UPDATE address_leases SET node_id = $2::uuid, device_id = $3::uuid, resting_until = NULL
      WHERE network_id = $1::uuid
        AND ordinal = (SELECT min(ordinal) FROM address_leases l
                        WHERE network_id = $1::uuid AND node_id IS NULL AND device_id IS NULL
                          AND (resting_until IS NULL OR resting_until <= $4::timestamptz)
                          AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.network_id = $1::uuid AND d.ordinal = l.ordinal))
      RETURNING ordinal`,
    [network.id, nodeId, deviceId, now],
  )
  if (rested) return rested.ordinal
  throw new MachineRefusal(
    'pool-exhausted',
    `${formatPrefix(overlay.value)} has no free address; freed ones rest for a while, a wider range has more`,
  )
}
