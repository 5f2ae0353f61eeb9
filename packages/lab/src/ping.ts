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
  await using pinging = from.spawn(['ping', ...common(address, intervalSeconds, options)])
  await pinging.waitFor(/bytes of data/)
  await during()
  // The last echo may still be under way; ping counts it as lost when it is stopped at once.
  await new Promise((resolve) => setTimeout(resolve, 3 * intervalSeconds * 1000))
  await pinging.stop('SIGINT')
  return parsePing(pinging.stdout, pinging.stderr)
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
