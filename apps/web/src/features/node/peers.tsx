'use client'

import { missedDirect } from '@spanwire/mesh/health/missed-direct'
import Link from 'next/link'
import { useMemo } from 'react'
import { DataTable } from '~/ui/data-table.tsx'
import { paths } from '~/ui/paths.ts'
import { Section } from '~/ui/section.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import type { NodeDetail, Peer } from './node-detail.ts'
import { PEER_MARKS, PEER_WORDS, peerColumns, worstPeersFirst } from './peer-columns.tsx'
import classes from './peers.module.css'

const ROW = 40
/** as many rows as are read at once; more scroll */
const SHOWN = 12
/** whose reasons stand above the table */
const NAMED = 4

/** Each tunnel of the node, as both ends see it. */
export function Peers({ node }: { node: NodeDetail }) {
  const peers = useMemo(() => worstPeersFirst(node.peers), [node.peers])
  const troubled = peers.filter(
    (peer) => peer.status === 'down' || peer.status === 'one-way' || peer.status === 'stale',
  )
  const counted = peers.filter((peer) => !peer.isMissedDirect)
  const alive = counted.filter((peer) => peer.status === 'up').length
  const missed = peers.length - counted.length
  if (peers.length === 0) {
    return (
      <Section title="Peers">
        <p className={classes.none}>
          {node.state === 'paused'
            ? 'It is paused: it has tunnels again when it is resumed.'
            : node.role === 'gateway'
              ? 'No member has joined through it yet.'
              : 'Neither end has reported a tunnel of this node yet.'}
        </p>
      </Section>
    )
  }
  return (
    <Section
      title="Peers"
      text={`${alive} of ${count(counted.length, 'tunnel')} alive, judged by what both ends report${missed > 0 ? `; ${missedDirect(missed)}` : ''}.`}
      actions={<Link href={paths.pathsFrom(node.networkId, node.name)}>Paths from here</Link>}
    >
      {troubled.length > 0 && (
        <ul className={classes.reasons} aria-label="Tunnels in trouble">
          {troubled.slice(0, NAMED).map((peer) => (
            <li key={rowId(peer)}>
              <StatusMark status={PEER_MARKS[peer.status]} />
              <span>
                <b>{peer.peerName}</b> {PEER_WORDS[peer.status]}: {peer.text}
              </span>
            </li>
          ))}
          {troubled.length > NAMED && (
            <li className={classes.more}>and {troubled.length - NAMED} more, first in the table</li>
          )}
        </ul>
      )}
      <div className={classes.table} style={{ height: 38 + ROW * Math.min(peers.length, SHOWN) + 17 }}>
        <DataTable
          label="Peers"
          rows={peers}
          columns={peerColumns}
          rowId={rowId}
          rowHref={(peer) => paths.node(node.networkId, peer.peerId)}
          rowHeight={ROW}
          sortKey="peers"
        />
      </div>
    </Section>
  )
}

const rowId = (peer: Peer) => `${peer.peerId}-${peer.interfaceName}`
