import { Ago } from '~/ui/ago.tsx'
import type { Column } from '~/ui/data-table.tsx'
import { Mono } from '~/ui/mono.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatBytes, formatMs, formatPercent, formatRate } from '~/ui/units.ts'
import type { Peer } from './node-detail.ts'
import classes from './peers.module.css'

export const PEER_MARKS = { up: 'good', 'one-way': 'warn', down: 'bad', stale: 'unknown', unknown: 'unknown' } as const

export const PEER_WORDS = {
  up: 'alive',
  'one-way': 'one way only',
  down: 'dead',
  stale: 'evidence too old',
  unknown: 'not known yet',
} as const satisfies Record<Peer['status'], string>

/** The worst first: what an ascending sort begins with. */
const RANK = { down: 0, 'one-way': 1, stale: 2, unknown: 3, up: 4 } as const satisfies Record<Peer['status'], number>

export const worstPeersFirst = (peers: readonly Peer[]): Peer[] =>
  peers.toSorted((a, b) => RANK[a.status] - RANK[b.status])

export const peerColumns: Column<Peer>[] = [
  { id: 'name', header: 'Peer', width: 120, grow: 2, sortBy: (peer) => peer.peerName, cell: (peer) => peer.peerName },
  {
    id: 'status',
    header: 'Tunnel',
    width: 116,
    grow: 1,
    sortBy: (peer) => RANK[peer.status],
    cell: (peer) => (
      <span className={classes.status} title={peer.text}>
        <StatusMark status={PEER_MARKS[peer.status]} />
        <span className={classes.word}>{PEER_WORDS[peer.status]}</span>
      </span>
    ),
  },
  {
    id: 'rtt',
    header: 'RTT',
    width: 72,
    align: 'end',
    sortBy: (peer) => peer.rttMs,
    cell: (peer) => formatMs(peer.rttMs),
  },
  {
    id: 'handshake',
    header: 'Handshake',
    width: 84,
    from: 480,
    sortBy: (peer) => (peer.handshakeAt ? -Date.parse(peer.handshakeAt) : null),
    cell: (peer) => (peer.handshakeAt ? <Ago at={peer.handshakeAt} /> : 'never'),
  },
  {
    id: 'rate',
    header: 'In, out',
    width: 152,
    align: 'end',
    from: 640,
    sortBy: (peer) => (peer.rxRate === null ? null : peer.rxRate + (peer.txRate ?? 0)),
    cell: (peer) => (
      <span className={classes.two}>
        <span>{formatRate(peer.rxRate)}</span>
        <span>{formatRate(peer.txRate)}</span>
      </span>
    ),
  },
  {
    id: 'bytes',
    header: 'Received, sent',
    width: 136,
    align: 'end',
    from: 960,
    sortBy: (peer) => peer.rxBytes + peer.txBytes,
    cell: (peer) => (
      <span className={classes.two}>
        <span>{formatBytes(peer.rxBytes)}</span>
        <span>{formatBytes(peer.txBytes)}</span>
      </span>
    ),
  },
  {
    id: 'loss',
    header: 'Loss',
    width: 52,
    align: 'end',
    from: 640,
    sortBy: (peer) => peer.loss,
    cell: (peer) => <span title="Of the pings since the script started">{lossText(peer.loss)}</span>,
  },
  {
    id: 'endpoint',
    header: 'Seen at',
    width: 152,
    from: 800,
    sortBy: (peer) => peer.endpoint,
    cell: (peer) => (peer.endpoint ? <Mono copy>{peer.endpoint}</Mono> : '–'),
  },
]

/** A little loss must not read as none. */
function lossText(loss: number | null): string {
  return loss !== null && loss > 0 && loss < 0.01 ? `<${formatPercent(0.01)}` : formatPercent(loss)
}
