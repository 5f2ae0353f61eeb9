/** The bare node:http server (reference-server.ts) as a process of its own. */
import { endChild, forkFile } from './child.ts'

export type BareServer = { readonly url: string; readonly pid: number; close(): Promise<void> }

export async function startBareServer(): Promise<BareServer> {
  const child = forkFile('./reference-server.ts')
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (news: { port: number }) => resolve(news.port))
    child.once('exit', () => reject(new Error('the bare server ended before it listened')))
  })
  return { url: `http://127.0.0.1:${port}`, pid: child.pid as number, close: () => endChild(child) }
}
