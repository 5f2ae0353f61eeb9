import { connect, createServer } from 'node:net'

/** Of a member's clients and of the other members. Nothing is said there: they are open, so that whoever blocks them shows. */
const PORTS = [2379, 2380]

export async function openEtcdPorts(address: string): Promise<void> {
  for (const port of PORTS) {
    const server = createServer((socket) => socket.on('error', () => {}).resume())
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(new Error(`etcd: listen tcp ${address}:${port}: ${error.message}`)))
      server.listen(port, address, () => resolve())
    })
  }
}

/** A joining member has to reach both at the address that the first one advertises, which is its node-ip. */
export async function reachEtcd(address: string): Promise<void> {
  for (const port of PORTS) {
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: address, port, timeout: 5000 })
      const fail = (why: string) => {
        socket.destroy()
        reject(new Error(`etcd cluster join failed: dial tcp ${address}:${port}: ${why}`))
      }
      socket.on('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.on('timeout', () => fail('i/o timeout'))
      socket.on('error', (error: NodeJS.ErrnoException) =>
        fail(error.code === 'ECONNREFUSED' ? 'connect: connection refused' : error.message),
      )
    })
  }
}
