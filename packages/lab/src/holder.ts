import { once } from 'node:events'
import { signalProcess } from './process-table.ts'
import { exitCode, start } from './run.ts'

/** A process that keeps namespaces alive. `pid` is the one inside them, as the owner of the lab sees it. */
export type Holder = { pid: number; end(): Promise<void> }

/**
 * Starts the holder of one or more namespaces. Its standard input is a pipe from us that it reads to the end: when this
 * process dies, by whatever signal, the kernel closes the pipe, the holder ends, and its namespaces go with everything in
 * them. The command prints `ready PID` once its namespaces are furnished.
 */
export async function startHolder(argv: readonly string[]): Promise<Holder> {
  const child = start(argv)
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const pid = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      const ready = /^ready (\d+)$/m.exec(stdout)
      if (ready) resolve(Number(ready[1]))
    })
    exited.then(([code, signal]) => reject(new Error(`the namespace ended with ${exitCode(code, signal)}\n${stderr}`)))
  })
  // A lab somebody forgot to close must not keep its process from ending, which closes it.
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref()
  return {
    pid,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.ref()
      signalProcess(pid, 'SIGKILL')
      await exited
    },
  }
}
