import type { Host } from './host.ts'

/** A host, or a namespace in one. */
type Place = Pick<Host, 'exec' | 'spawn'>

export type PingOptions = {
  count?: number
  intervalSeconds?: number
  waitSeconds?: number
  size?: number
  from?: string
}
export type PingResult = {
  sent: number
  received: number
  lost: number
  lossPercent: number
  rttMs: { min: number; avg: number; max: number } | undefined
  /** What ping printed, for the message of a failed expectation. */
  text: string
}

/** Pings an address from inside a host. Loss is a result; an address that ping itself refuses is an error. */
export async function ping(from: Place, address: string, options: PingOptions = {}): Promise<PingResult> {
  const { count = 5, intervalSeconds = 0.2, waitSeconds = 1 } = options
  const timeoutMs = (count * intervalSeconds + waitSeconds + 10) * 1000
  const argv = ['ping', '-c', String(count), '-W', String(waitSeconds), ...common(address, intervalSeconds, options)]
  const { stdout, stderr } = await from.exec(argv, { timeoutMs })
  return parsePing(stdout, stderr)
}

/** Pings all the while something happens, then tells what was lost meanwhile. */
export async function pingWhile(
  from: Place,
  address: string,
  during: () => Promise<unknown>,
  options: Omit<PingOptions, 'count'> = {},
): Promise<PingResult> {
  const { intervalSeconds = 0.05 } = options
  await using pinging = from.spawn(['ping', '-D', ...common(address, intervalSeconds, options)])
  await pinging.waitFor(/bytes of data/)
  await during()
  await new Promise((resolve) => setTimeout(resolve, UNDER_WAY_MS))
  await pinging.stop('SIGINT')
  return withoutLast(parsePing(pinging.stdout, pinging.stderr), Math.ceil(UNDER_WAY_MS / 1000 / intervalSeconds))
}

/** An echo that is answered at all is answered within that, also on a busy machine. */
const UNDER_WAY_MS = 1000

/** What was sent last may still be under way when ping is stopped, which counts it as lost: up to so many at the end are left out. */
export function withoutLast(result: PingResult, most: number): PingResult {
  const answered = [...result.text.matchAll(/ icmp_seq=(\d+) ttl=/g)].map(([, seq]) => Number(seq))
  const sent = Math.max(0, ...answered)
  if (result.sent - sent > most) return result
  const lost = sent - result.received
  return { ...result, sent, lost, lossPercent: sent === 0 ? 0 : (100 * lost) / sent }
}

/** The longest time without an answer, by the times that `ping -D` stamps on each; the wall clock of the machine that runs the lab. */
export function longestSilenceMs({ text }: PingResult): number {
  const answered = [...text.matchAll(/^\[([\d.]+)\] .* icmp_seq=\d+ ttl=/gm)].map(([, at]) => Number(at) * 1000)
  return Math.round(Math.max(0, ...answered.slice(1).map((at, i) => at - (answered[i] ?? at))))
}

/** Reads the summary of iputils ping. */
export function parsePing(stdout: string, stderr = ''): PingResult {
  const counted = /(\d+) packets transmitted, (\d+) received/.exec(stdout)
  if (!counted) throw new Error(`ping gave no summary:\n${stdout}${stderr}`)
  const sent = Number(counted[1])
  const received = Number(counted[2])
  const rtt = /rtt min\/avg\/max\/mdev = ([\d.]+)\/([\d.]+)\/([\d.]+)\//.exec(stdout)
  return {
    sent,
    received,
    lost: sent - received,
    lossPercent: sent === 0 ? 0 : (100 * (sent - received)) / sent,
    rttMs: rtt ? { min: Number(rtt[1]), avg: Number(rtt[2]), max: Number(rtt[3]) } : undefined,
    text: stdout + stderr,
  }
}

function common(address: string, intervalSeconds: number, { size, from }: PingOptions): string[] {
  const argv = ['-n', '-i', String(intervalSeconds)]
  if (size !== undefined) argv.push('-s', String(size))
  if (from !== undefined) argv.push('-I', from)
  return [...argv, address]
}
