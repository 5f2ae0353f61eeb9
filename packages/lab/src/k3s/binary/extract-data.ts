import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { log } from './log.ts'
import { version } from './version.ts'

/** Real k3s unpacks about 200 MB of programs at its first start; this takes 1 MB of the disk, so that a full one shows. */
export function extractData(data: string): void {
  const directory = join(data, 'data', createHash('sha256').update(version).digest('hex'))
  const shim = join(directory, 'bin/containerd-shim-runc-v2')
  if (existsSync(shim)) return
  log.info(`Preparing data dir ${directory}`)
  try {
    mkdirSync(join(directory, 'bin'), { recursive: true })
    writeFileSync(join(directory, 'bin/pigz'), Buffer.alloc(1 << 20, 1))
    symlinkSync(process.argv[1] ?? '/usr/local/bin/k3s', shim)
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC'
    throw new Error(
      `extracting data: write ${directory}: ${full ? 'no space left on device' : (error as Error).message}`,
    )
  }
}
