import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { paths } from '../paths.ts'

/** This machine's claim on its node name; made at the first join. The uninstaller leaves it. */
export function nodePassword(): string {
  if (!existsSync(paths.nodePassword)) {
    mkdirSync(dirname(paths.nodePassword), { recursive: true })
    writeFileSync(paths.nodePassword, `${randomBytes(16).toString('hex')}\n`, { mode: 0o600 })
  }
  return readFileSync(paths.nodePassword, 'utf8').trim()
}
