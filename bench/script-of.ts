import { createHash } from 'node:crypto'

/** `VERSION SHA256` of the script that a server hands out. */
export async function scriptOf(url: string): Promise<string> {
  const body = await (await fetch(`${url}/join`)).text()
  const version = /^VERSION=([0-9A-Za-z.+-]+)$/m.exec(body)?.[1]
  if (version === undefined) throw new Error(`${url}/join is not the script of a Spanwire server`)
  return `${version} ${createHash('sha256').update(body).digest('hex')}`
}
