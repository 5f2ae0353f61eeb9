/** A way to a database that can be cut, and can go silent as a host does that lost its network. */
import { createConnection, createServer, type Socket } from 'node:net'

export type Wire = {
  /** of the database, through the wire */
  readonly url: string
  turn(to: 'open' | 'cut' | 'silent'): void
  close(): Promise<void>
}

export async function testWire(url: string): Promise<Wire> {
  const target = new URL(url)
  const open = new Set<Socket>()
  let mode: Parameters<Wire['turn']>[0] = 'open'
  const server = createServer((near) => {
    if (mode === 'cut') return void near.destroy()
    const far = createConnection(Number(target.port), target.hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('data', (chunk) => mode !== 'silent' && to.write(chunk))
      from.on('error', () => {})
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  const through = new URL(url)
  through.host = `127.0.0.1:${address.port}`
  const turn: Wire['turn'] = (to) => {
    mode = to
    // What a silent host swallowed is never repeated: its connections are lost with it.
    if (to === 'cut' || to === 'open') for (const socket of open) socket.destroy()
  }
  return {
    url: through.href,
    turn,
    close() {
      turn('cut')
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
