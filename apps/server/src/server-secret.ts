import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keepPrivate } from './keep-private.ts'

/** The given secret, else the one in the data directory, which the first start makes. Two starts at once agree on one. */
export async function serverSecret(data: string, given: string | null): Promise<string> {
  if (given) return given
  const path = join(data, 'secret')
  await keepPrivate(path, `${randomBytes(32).toString('base64url')}\n`)
  return (await readFile(path, 'utf8')).trim()
}
