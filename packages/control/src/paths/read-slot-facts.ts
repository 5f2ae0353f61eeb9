import type { NetworkSettings } from '@spanwire/mesh/paths/network-input'
import type { Sql } from '../machine/sql.ts'
import { milliseconds } from '../node/read-nodes.ts'
import type { SlotFacts } from './slot-evidence.ts'

/** Of members that are to be moved: what they last said. */
export async function readSlotFacts(
  sql: Sql,
  { interfaceName }: NetworkSettings,
  members: readonly { readonly id: string }[],
): Promise<Map<string, Omit<SlotFacts, 'slots'>>> {
  if (members.length === 0) return new Map()
  const rows = await sql.query<Omit<SlotFacts, 'slots'> & { id: string }>(
    `SELECT n.id, ${milliseconds('n.slots_at')} "slotsAt", ${milliseconds('t.reported_at')} "reportedAt",
            coalesce(t.behind_since IS NULL AND t.applied_revision >= n.changed_revision, false) "isCurrent",
            (SELECT way FROM path_states p WHERE p.node_id = n.id AND p.peer_id = n.id) "defaultWay",
            coalesce((SELECT json_agg(json_build_object('peerId', l.peer_id, 'interfaceName', l.interface_name, 'state', l.state,
                                                        'reportedAt', ${milliseconds('l.reported_at')}))
                        FROM links l WHERE l.node_id = n.id AND l.interface_name IN ($2, $2 || 'b')), '[]') links
       FROM nodes n LEFT JOIN node_status t ON t.node_id = n.id WHERE n.id = ANY($1::uuid[])`,
    [members.map(({ id }) => id), interfaceName],
  )
  return new Map(rows.map(({ id, ...facts }) => [id, facts]))
}
