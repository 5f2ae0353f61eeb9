import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { processes, signalProcess } from './process-table.ts'
import { exitCode } from './run.ts'

/** A command that runs on in a host while the test does other things. */
export class HostProcess {
  stdout = ''
  stderr = ''
  readonly exited: Promise<number>
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child
    child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    child.stdin.on('error', () => {})
    this.exited = once(child, 'exit').then(([code, signal]) => exitCode(code, signal))
    // Unhandled when nobody asks: a command that cannot be started says so to whoever waits for it.
    this.exited.catch(() => {})
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  write(text: string): void {
    this.#child.stdin.write(text)
  }

  endInput(): void {
    this.#child.stdin.end()
  }

  /** Waits until the output holds a match; fails with all output when the command ends or the time passes without one. */
  async waitFor(pattern: RegExp, timeoutMs = 15_000): Promise<RegExpExecArray> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr)
      if (found) return found
      if (!this.running || performance.now() > deadline) {
        const why = this.running ? `within ${timeoutMs} ms` : 'before it ended'
        throw new Error(`no ${pattern} ${why} in:\n${this.stdout}${this.stderr}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Signals the command and its children, but not `nsenter` in front of them: that one hands on their exit status. */
  signal(signal: NodeJS.Signals): void {
    for (const { pid, group } of processes()) {
      if (group === this.#child.pid && pid !== this.#child.pid) signalProcess(pid, signal)
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    if (this.running) {
      this.signal(signal)
      // `nsenter` stops itself when its child is paused, and would never see it end.
      if (this.#child.pid !== undefined) signalProcess(this.#child.pid, 'SIGCONT')
    }
    return this.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL')
  }
}
