import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { log } from '../log.ts'

/** k3s waits up to four minutes for a token file that is not there yet (pkg/util/file.go). */
export async function readSecretFile(path: string): Promise<string> {
  const started = Date.now()
  for (;;) {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!missing || Date.now() - started > 240_000)
        throw new Error(`Timeout while trying to read the file: ${(error as Error).message}`)
      log.info(`Waiting for ${path} to be available`)
      await sleep(2000)
    }
  }
}
