import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Stop } from './stop.ts'

const path = fileURLToPath(new URL('../../node/spanwire.sh', import.meta.url))

/** The script as it lies in the repository, and its own word on its version. */
export async function nodeScript(): Promise<{ text: string; version: string }> {
  const text = await readFile(path, 'utf8').catch(() => null)
  const version = text && /^VERSION=([0-9][0-9.]*)$/m.exec(text)?.[1]
  if (!text || !version) throw new Stop(`${path} is missing or has no VERSION line: this checkout is not whole.`)
  return { text, version }
}
