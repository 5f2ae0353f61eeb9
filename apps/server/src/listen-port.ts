import { lookup } from 'node:dns/promises'
import { createServer } from 'node:net'
import { Stop } from './stop.ts'

/** The port to listen on, tried before any work is done; 0 becomes a free one. */
export async function listenPort(host: string, port: number): Promise<number> {
  const addresses = await lookup(host, { all: true }).catch(() => {
    throw new Stop(
      `HOST is ${host}, which is no address of this machine: give 0.0.0.0 for all or 127.0.0.1 for itself alone.`,
    )
  })
  let found = port
  for (const { address } of addresses) found = await tryOut(address, found, host)
  return found
}

function tryOut(address: string, port: number, host: string): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      // localhost is often both ::1 and 127.0.0.1, and a machine without IPv6 has only the second.
      if (error.code === 'EADDRNOTAVAIL' && host === 'localhost') resolve(port)
      else reject(new Stop(sentence(error, port, host)))
    })
    server.listen(port, address, () => {
      const { port: got } = server.address() as { port: number }
      server.close(() => resolve(got))
    })
  })
}

function sentence({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program: stop that one, or choose another port, for example PORT=${port + 1}.`
    case 'EACCES':
      return `Port ${port} is only for root: choose one above 1023, for example PORT=3000, and put a proxy before it.`
    case 'EADDRNOTAVAIL':
      return `HOST is ${host}, which is no address of this machine: give 0.0.0.0 for all or 127.0.0.1 for itself alone.`
    default:
      return `The server cannot listen on ${host} port ${port}: ${message}.`
  }
}
