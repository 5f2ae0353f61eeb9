/** The bare node:http server (reference-server.ts) as a process of its own. */
import { endChild, forkFile } from './child.ts'
import type { Holder } from './hold-all.ts'

export type BareServer = Holder & { readonly pid: number; close(): Promise<void> }

export async function startBareServer(): Promise<BareServer> {
  const child = forkFile('./reference-server.ts')
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (news: { port: number }) => resolve(news.port))
    child.once('exit', () => reject(new Error('the bare server ended before it listened')))
  })
  const url = `http://127.0.0.1:${port}`
  return {
    ...{ url, holdPath: '/hold', heldShare: 1, pid: child.pid as number },
    held: async () => Number(await (await fetch(`${url}/held`)).text()),
    close: () => endChild(child),
  }
}
