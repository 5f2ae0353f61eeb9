import { readFileSync } from 'node:fs'
import type { Host } from './host.ts'
import type { HostProcess } from './host-process.ts'

/** A host, or a namespace in one. */
type Place = Pick<Host, 'spawn'>

export type StreamOptions = { port?: number; gapMs?: number; kilobytesPerSecond?: number }
export type StreamReport = {
  bytes: number
  /** Pauses of at least `gapMs` between two arrivals, with the receiver's time since it started. */
  gaps: { atMs: number; lastedMs: number }[]
  longestGapMs: number
  /** How long nothing has arrived up to this report. */
  silentMs: number
  /** Empty while it runs; `closed` after a proper end, else the error of the socket. */
  ended: string
}

// Read when needed and handed over as an argument: a host sees neither the repository nor this machine's /tmp for sure.
const END = new URL('./tcp-stream-end.mjs', import.meta.url)

/** A long TCP connection from one host to another, sending all the time. */
export class TcpStream {
  readonly #receiver: HostProcess
  readonly #sender: HostProcess

  private constructor(receiver: HostProcess, sender: HostProcess) {
    this.#receiver = receiver
    this.#sender = sender
  }

  /** `address` is one of `to`'s, so it chooses the way. */
  static async open(from: Place, to: Place, address: string, options: StreamOptions = {}): Promise<TcpStream> {
    const { port = 5201, gapMs = 1000, kilobytesPerSecond = 256 } = options
    const node = [process.execPath, '--input-type=module', '-e', readFileSync(END, 'utf8'), '--']
    const receiver = to.spawn([...node, 'receive', String(port), String(gapMs)])
    await receiver.waitFor(/listening/)
    const sender = from.spawn([...node, 'send', address, String(port), String(kilobytesPerSecond)])
    await sender.waitFor(/connected/)
    return new TcpStream(receiver, sender)
  }

  /** The receiver's latest word, at most 100 ms old. */
  report(): StreamReport {
    const latest = this.#receiver.stdout
      .trimEnd()
      .split('\n')
      .findLast((line) => line.startsWith('{"bytes"'))
    if (latest === undefined) return { bytes: 0, gaps: [], longestGapMs: 0, silentMs: 0, ended: '' }
    return JSON.parse(latest)
  }

  /** Waits until that many more bytes have arrived. */
  async moved(bytes: number, timeoutMs = 15_000): Promise<StreamReport> {
    const target = this.report().bytes + bytes
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const report = this.report()
      if (report.bytes >= target) return report
      if (performance.now() > deadline || report.ended !== '')
        throw new Error(`the stream moved ${report.bytes} of ${target} bytes: ${JSON.stringify(report)}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Ends the connection properly and returns the receiver's last report. */
  async close(): Promise<StreamReport> {
    this.#sender.endInput()
    await this.#receiver.waitFor(/"ended":"[^"]/)
    return this.report()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sender[Symbol.asyncDispose]()
    await this.#receiver[Symbol.asyncDispose]()
  }
}
