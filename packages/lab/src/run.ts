import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { signalProcess } from './process-table.ts'

export type Ran = { code: number; stdout: string; stderr: string }
export type RunOptions = { stdin?: string | Buffer; timeoutMs?: number; env?: Record<string, string>; cwd?: string }

/** A command that did not end in time. It has been killed; what it printed until then is kept. */
export class TimedOut extends Error {
  readonly ran: Ran
  constructor(argv: readonly string[], timeoutMs: number, ran: Ran) {
    super(`${describe(argv)} did not end within ${timeoutMs} ms\n${ran.stdout}${ran.stderr}`)
    this.name = 'TimedOut'
    this.ran = ran
  }
}

/** Runs a command to its end. A status other than 0 is a result, not an exception; 128 + n means killed by signal n. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const timeoutMs = options.timeoutMs ?? 60_000
  return new Promise((resolve, reject) => {
    const child = start(argv, options)
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    const ran = (code: number): Ran => ({
      code,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    })
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A process that does not read its input closes the pipe under us; its exit status says what matters.
    child.stdin.on('error', () => {})
    child.stdin.end(options.stdin ?? '')
    const timer = setTimeout(() => {
      killGroup(child.pid, 'SIGKILL')
      reject(new TimedOut(argv, timeoutMs, ran(128 + 9)))
    }, timeoutMs)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    // 'exit', then a moment for the pipes: a daemon that the command left behind may hold them open for ever.
    child.on('exit', (code, signal) => {
      const done = () => {
        clearTimeout(timer)
        clearTimeout(grace)
        resolve(ran(exitCode(code, signal)))
      }
      const grace = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
        done()
      }, 1000)
      child.on('close', done)
    })
  })
}

/** Runs a command that must succeed, and returns what it printed. */
export async function runOrThrow(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(argv, options)
  if (ran.code !== 0) throw new Error(`${describe(argv)} ended with ${ran.code}\n${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

/** Every command leads a process group of its own, so that ending it ends its children and nobody else's. */
export function start(
  argv: readonly string[],
  options: Pick<RunOptions, 'env' | 'cwd'> = {},
): ChildProcessByStdio<Writable, Readable, Readable> {
  const [command, ...args] = argv
  if (command === undefined) throw new TypeError('a command needs at least its name')
  const env = options.env ?? process.env
  return spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env, cwd: options.cwd })
}

export function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader !== undefined) signalProcess(-leader, signal)
}

export function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === 'SIGKILL' ? 9 : signal === 'SIGINT' ? 2 : 15)
}

function describe(argv: readonly string[]): string {
  const line = argv.join(' ')
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}
