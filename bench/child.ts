/** A process of its own that answers one order after the other, so that client and server never share an event loop. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Child = { order<Answer>(order: object): Promise<Answer>; close(): Promise<void> }

type News = { readonly answer?: unknown; readonly error?: string }

export function startChild(file: string): Child {
  const process = forkFile(file)
  const order = <Answer>(order: object) =>
    new Promise<Answer>((resolve, reject) => {
      const ended = () => reject(new Error(`${file} ended before it answered`))
      process.once('exit', ended)
      process.once('message', ({ answer, error }: News) => {
        process.off('exit', ended)
        if (error === undefined) resolve(answer as Answer)
        else reject(new Error(error))
      })
      process.send(order)
    })
  return { order, close: () => endChild(process) }
}

/** The other side: in the process itself. */
export function obey(act: (order: never) => Promise<unknown>): void {
  process.on('message', async (order) => {
    try {
      process.send?.({ answer: await act(order as never) })
    } catch (error) {
      process.send?.({ error: (error as Error).stack ?? String(error) })
    }
  })
  process.once('disconnect', () => process.exit(0))
  // Ctrl-C reaches the whole group: the parent ends in order, and this process with it.
  process.on('SIGINT', () => {})
}

export function forkFile(file: string): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: ['--import', 'tsx', '--import', COLLECT] })
}

export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (child.connected) child.disconnect()
  await ended
}

/** Loaded into every server that is measured, ours and the bare one. */
export const COLLECT = new URL('./collect-on-signal.mjs', import.meta.url).href
