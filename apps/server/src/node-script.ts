import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Stop } from './stop.ts'

const fileAt = (name: string) => fileURLToPath(new URL(`../../node/${name}`, import.meta.url))

/** The script as it lies in the repository, its own word on its version, and its part for k3s. */
export async function nodeScript(): Promise<{ text: string; version: string; k3s: string }> {
  const path = fileAt('spanwire.sh')
  const [text, k3s] = await Promise.all([path, fileAt('k3s.sh')].map((at) => readFile(at, 'utf8').catch(() => null)))
  const version = text && /^VERSION=([0-9][0-9.]*)$/m.exec(text)?.[1]
  if (!text || !version || !k3s)
    throw new Stop(`${path} or k3s.sh is missing, or has no VERSION line: this checkout is not whole.`)
  return { text, version, k3s }
}
