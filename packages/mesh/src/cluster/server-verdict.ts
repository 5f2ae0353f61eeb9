/**
 * Whether a further server may stand where it stands. etcd writes only when most of its members have answered, and calls an election
 * when it has not heard its leader for a while; both are made for a LAN (etcd.io, "Tuning": heartbeat about 0.5 to 1.5 times the
 * round trip between members, election ten times that, 50 s at most; defaults 100 ms and 1 s). k3s does not support embedded etcd
 * over several places at all, which is said too.
 *
 *   round trip    0 ... 50 ms      50 ms ... 250 ms              over 250 ms
 *   loss          0 ... 1 %        1 % ... 3 %                   over 3 %
 *                 |---- good ----|---- tune: give etcd time ----|---- bad: better not ...
 */
import { humanAge } from '../health/human-age.ts'
import type { Datastore } from './cluster-settings.ts'

export type PathSample = {
  /** A server that is there already. */
  readonly to: string
  readonly rttMs: number | null
  /** Pings sent and lost through the tunnel. */
  readonly sent: number
  readonly lost: number
  readonly measuredAt: number
}

export type ServerVerdict = {
  readonly verdict: 'good' | 'tune' | 'bad' | 'unknown' | 'impossible'
  readonly sentence: string
  readonly fix: string | null
  /** The worst of all servers. */
  readonly rttMs: number | null
  readonly lossPercent: number | null
  /** For the cluster's server arguments, the same on all of them. */
  readonly etcdArgs: readonly string[]
}

const GOOD_RTT_MS = 50
const BAD_RTT_MS = 250
const GOOD_LOSS = 0.01
const BAD_LOSS = 0.03
/** Fewer pings say nothing of a loss of one in a hundred. */
const ENOUGH_PINGS = 100
const FRESH_MS = 10 * 60_000
const DEFAULT_HEARTBEAT_MS = 100
const LONGEST_ELECTION_MS = 50_000

/** `others`: a sample for each server that is there. `servers`: how many there will be, this one included. */
export function serverVerdict(
  name: string,
  others: readonly PathSample[],
  servers: number,
  datastore: Datastore,
  now: number,
): ServerVerdict {
  if (datastore === 'sqlite') {
    return verdict(
      'impossible',
      'SQLite is a file of the first server: there cannot be a second one',
      'Choose embedded etcd or an external datastore before the cluster is made.',
      null,
      null,
    )
  }
  const usable = others.filter((sample) => sample.rttMs !== null && Math.abs(now - sample.measuredAt) <= FRESH_MS)
  const missing = others.find((sample) => !usable.includes(sample))
  if (missing || usable.length === 0) {
    const why = missing
      ? missing.rttMs === null
        ? `nothing was measured between ${name} and ${missing.to} yet`
        : `the way from ${name} to ${missing.to} was last measured ${humanAge(Math.abs(now - missing.measuredAt))} ago`
      : 'nothing was measured yet'
    return verdict(
      'unknown',
      `${why}; without numbers nobody can say whether a server may stand there`,
      'Let the node join the network, and wait a few minutes.',
      null,
      null,
    )
  }
  const rttMs = Math.max(...usable.map((sample) => sample.rttMs ?? 0))
  const slowest = usable.find((sample) => sample.rttMs === rttMs)
  const lossy = usable.reduce((a, b) => (lossOf(b) > lossOf(a) ? b : a))
  const loss = lossOf(lossy)
  const sent = Math.min(...usable.map((sample) => sample.sent))
  const numbers = `${round(rttMs)} ms to ${slowest?.to}, ${percent(loss)} of ${sent} pings lost`
  const quorum = datastore === 'etcd' ? quorumSentence(servers) : ''
  if (datastore === 'external') {
    // The datastore is elsewhere; servers talk to it and not to each other.
    return verdict(
      'good',
      `${numbers}. The servers share an external datastore and need not be near one another; each needs a short way to the datastore, which is not measured here.`,
      null,
      rttMs,
      loss,
    )
  }
  if (rttMs > BAD_RTT_MS || loss > BAD_LOSS) {
    const why =
      rttMs > BAD_RTT_MS
        ? `each write of the cluster would take over ${round(rttMs)} ms`
        : `etcd would lose its leader again and again`
    return verdict(
      'bad',
      `${numbers}: ${why}. ${quorum}`.trim(),
      'Put the server near the others, or make this node an agent.',
      rttMs,
      loss,
      etcdArgs(rttMs),
    )
  }
  if (rttMs > GOOD_RTT_MS || loss > GOOD_LOSS) {
    const args = etcdArgs(rttMs)
    return verdict(
      'tune',
      `${numbers}: too far for etcd's defaults, which hold an election after 1 s of silence; k3s does not support etcd over several places. ${quorum}`.trim(),
      `Give all servers ${args.map((arg) => `etcd-arg: ${arg}`).join(' and ')}; or put the server near the others.`,
      rttMs,
      loss,
      args,
    )
  }
  const isThin = sent < ENOUGH_PINGS
  return verdict(
    'good',
    `${numbers}: near enough for etcd${isThin ? `, though ${sent} pings say little of loss` : ''}. ${quorum}`.trim(),
    null,
    rttMs,
    loss,
  )
}

/** The first ping may be lost while the tunnel opens: among few it would count for too much. */
const lossOf = ({ sent, lost }: PathSample): number =>
  sent === 0 ? 0 : (sent < ENOUGH_PINGS ? Math.max(0, lost - 1) : lost) / sent

/** Heartbeat 1.5 times the round trip, in steps of 50 ms, and no less than the default; an election after ten of them. */
function etcdArgs(rttMs: number): string[] {
  const heartbeat = Math.max(DEFAULT_HEARTBEAT_MS, Math.ceil((rttMs * 1.5) / 50) * 50)
  const election = Math.min(heartbeat * 10, LONGEST_ELECTION_MS)
  return [`heartbeat-interval=${Math.min(heartbeat, LONGEST_ELECTION_MS / 10)}`, `election-timeout=${election}`]
}

function quorumSentence(servers: number): string {
  const bears = Math.ceil(servers / 2) - 1
  if (servers === 2) return 'With two servers the cluster stops when either does: plan a third.'
  return bears === 0 ? '' : `With ${servers} servers the cluster bears the loss of ${bears}.`
}

function verdict(
  kind: ServerVerdict['verdict'],
  sentence: string,
  fix: string | null,
  rttMs: number | null,
  loss: number | null,
  etcd: readonly string[] = [],
): ServerVerdict {
  return {
    verdict: kind,
    sentence,
    fix,
    rttMs,
    lossPercent: loss === null ? null : Math.round(loss * 1000) / 10,
    etcdArgs: etcd,
  }
}

const round = (ms: number): string => (ms < 10 ? ms.toFixed(1) : String(Math.round(ms)))
const percent = (part: number): string => `${Math.round(part * 1000) / 10} %`
