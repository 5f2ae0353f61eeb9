import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Stop } from './stop.ts'

const fileAt = (name: string) => fileURLToPath(new URL(`../../node/${name}`, import.meta.url))

type NodeScript = {
  text: string
  version: string
  k3s: string
  access: string
  paths: string
  delta: string
  keys: string
  status: string
}

/** The script as it lies in the repository, its own word on its version, and its parts: for k3s, policies, paths, deltas, keys and `spanwire status`. */
export async function nodeScript(): Promise<NodeScript> {
  const path = fileAt('spanwire.sh')
  const [text, k3s, access, paths, delta, keys, status] = await Promise.all(
    [path, ...['k3s.sh', 'access.sh', 'paths.sh', 'delta.sh', 'keys.sh', 'status.sh'].map(fileAt)].map((at) =>
      readFile(at, 'utf8').catch(() => null),
    ),
  )
  const version = text && /^VERSION=([0-9][0-9.]*)$/m.exec(text)?.[1]
  if (!text || !version || !k3s || !access || !paths || !delta || !keys || !status)
    throw new Stop(
      `${path}, k3s.sh, access.sh, paths.sh, delta.sh, keys.sh or status.sh is missing, or has no VERSION line: this checkout is not whole.`,
    )
  return { text, version, k3s, access, paths, delta, keys, status }
}
