import type { LinkRow } from './digest-report.ts'
import type { Sql } from './sql.ts'

export type TimedLink = LinkRow & { readonly at: Date }

/** A tunnel whose reporter changed its mind about it. */
export type LinkChange = { readonly nodeId: string; readonly peerId: string; readonly state: 'alive' | 'dead' }

/**
 * Writes the links and tells which changed their state. The rows that change are locked first: of two processes with the same news
 * only one tells it.
 */
export async function writeLinks(sql: Sql, links: readonly TimedLink[]): Promise<LinkChange[]> {
  if (links.length === 0) return []
  const column = <T>(read: (row: TimedLink) => T): T[] => links.map(read)
  const keys = [column(({ nodeId }) => nodeId), column(({ peer }) => peer.id), column((link) => link.interfaceName)]
  const changes = await sql.query<{ node_id: string; peer_id: string; state: LinkRow['state'] }>(
    `SELECT l.node_id, l.peer_id, u.state
       FROM links l
       JOIN unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS u(node_id, peer_id, interface_name, state)
         ON l.node_id = u.node_id AND l.peer_id = u.peer_id AND l.interface_name = u.interface_name
      WHERE l.state <> u.state
      ORDER BY l.node_id, l.peer_id
        FOR UPDATE OF l`,
    [...keys, column(({ state }) => state)],
  )
  await sql.query(
    `INSERT INTO links (node_id, peer_id, interface_name, reported_at, state, since_at, heard_at, handshake_at, endpoint,
                        rtt_ms, sent, lost, rx_bytes, tx_bytes, rx_rate, tx_rate, path_mtu, tried_at, next_try_at)
     SELECT u.*
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::timestamptz[],
                   $8::timestamptz[], $9::text[], $10::float8[], $11::int[], $12::int[], $13::bigint[], $14::bigint[],
                   $15::float8[], $16::float8[], $17::int[], $18::timestamptz[], $19::timestamptz[])
         AS u(node_id, peer_id, interface_name, reported_at, state, since_at, heard_at, handshake_at, endpoint, rtt_ms, sent,
              lost, rx_bytes, tx_bytes, rx_rate, tx_rate, path_mtu, tried_at, next_try_at)
       JOIN nodes n ON n.id = u.node_id
       JOIN nodes p ON p.id = u.peer_id
      ORDER BY u.node_id, u.peer_id
     ON CONFLICT (node_id, peer_id, interface_name) DO UPDATE
        SET reported_at = excluded.reported_at, state = excluded.state, since_at = excluded.since_at,
            heard_at = excluded.heard_at, handshake_at = excluded.handshake_at, endpoint = excluded.endpoint,
            rtt_ms = excluded.rtt_ms, sent = excluded.sent, lost = excluded.lost, rx_bytes = excluded.rx_bytes,
            tx_bytes = excluded.tx_bytes, rx_rate = excluded.rx_rate, tx_rate = excluded.tx_rate,
            tried_at = excluded.tried_at, next_try_at = excluded.next_try_at,
            -- Measured every 10 min, and not while nobody answers: what was found before holds.
            path_mtu = coalesce(excluded.path_mtu, links.path_mtu)
      WHERE links.reported_at <= excluded.reported_at`,
    [
      ...keys,
      column(({ at }) => at),
      column(({ state }) => state),
      column(({ sinceAt }) => sinceAt),
      column(({ heardAt }) => heardAt),
      column(({ handshakeAt }) => handshakeAt),
      column(({ endpoint }) => endpoint),
      column(({ rttMs }) => rttMs),
      column(({ sent }) => sent),
      column(({ lost }) => lost),
      column(({ rxBytes }) => rxBytes),
      column(({ txBytes }) => txBytes),
      column(({ rxRate }) => rxRate),
      column(({ txRate }) => txRate),
      column(({ pathMtu }) => pathMtu),
      column(({ triedAt }) => triedAt),
      column(({ nextTryAt }) => nextTryAt),
    ],
  )
  await forgetOld(sql, links)
  return changes.flatMap(({ node_id: nodeId, peer_id: peerId, state }) =>
    state === 'unknown' ? [] : [{ nodeId, peerId, state }],
  )
}

/** What a node no longer has as a peer goes, once nobody looks for its last words any more. */
async function forgetOld(sql: Sql, links: readonly TimedLink[]): Promise<void> {
  const reporters = new Map(links.map((link) => [link.nodeId, link.at]))
  await sql.query(
    `DELETE FROM links USING unnest($1::uuid[], $2::timestamptz[]) AS u(node_id, at)
      WHERE links.node_id = u.node_id AND links.reported_at < u.at - interval '10 minutes'`,
    [[...reporters.keys()], [...reporters.values()]],
  )
}
