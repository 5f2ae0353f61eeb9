import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 60_000

/** What is alive in a process that collect-on-signal.mjs was loaded into: its heap and its buffers. */
export async function bytesInUse(pid: number): Promise<number> {
  const path = join(tmpdir(), `spanwire-bench-in-use-${pid}`)
  await rm(path, { force: true })
  process.kill(pid, 'SIGUSR2')
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await sleep(50)) {
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text === null) continue
    await rm(path)
    return Number(text)
  }
  throw new Error(`process ${pid} did not tell its memory within ${PATIENCE_MS / 1000} s`)
}
