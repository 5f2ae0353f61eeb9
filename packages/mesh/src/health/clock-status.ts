/** A node whose clock is wrong fails in ways that look like the network: TLS refuses, handshakes count as replays, logs lie. */
export type ClockStatus = {
  readonly status: 'ok' | 'warn' | 'bad'
  readonly skewMs: number
  readonly sentence: string
  readonly fix: string | null
}

const WARN_MS = 10_000
const BAD_MS = 120_000

/** Positive when the node is ahead. `date +%s` cuts the second off: half of one is the fair guess. */
export function clockSkewMs(nodeUnixSeconds: number, serverNow: number): number {
  return nodeUnixSeconds * 1000 + 500 - serverNow
}

/** The way of the report is part of the skew, so small ones say nothing. */
export function clockStatus(skewMs: number): ClockStatus {
  const size = Math.abs(skewMs)
  // A skew that is no number is no proof of a good clock.
  if (size <= WARN_MS) return { status: 'ok', skewMs, sentence: 'clock agrees with the server within 10 s', fix: null }
  const amount = Number.isFinite(size) ? spell(size) : 'an unreadable time'
  return {
    status: size <= BAD_MS ? 'warn' : 'bad',
    skewMs,
    sentence: `clock is ${amount} ${skewMs < 0 ? 'behind' : 'ahead of'} the server`,
    fix: 'Switch time synchronisation on there: timedatectl set-ntp true (systemd), or rc-service chronyd start (Alpine). If all nodes show it, the clock of the server is wrong.',
  }
}

function spell(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}
