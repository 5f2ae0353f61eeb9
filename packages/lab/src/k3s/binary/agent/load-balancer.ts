import { connect, createServer, type Socket } from 'node:net'
import { log } from '../log.ts'

/**
 * The agent's way to the servers: 127.0.0.1:6444, each connection to the first server that answers, beginning with the one
 * that served last (pkg/agent/loadbalancer). Starts with the address in the configuration, then follows the endpoints of
 * the service `kubernetes`: an advertise-address that agents cannot reach breaks them a moment after they joined.
 */
export class LoadBalancer {
  #servers: string[]
  readonly #port: number
  readonly #open = new Map<Socket, string>()

  constructor(url: string, port: number) {
    const { hostname, port: given } = new URL(url)
    this.#servers = [`${hostname}:${given || '443'}`]
    this.#port = port
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#dial(socket, [...this.#servers]))
    await new Promise<void>((resolve, reject) => {
      server.once('error', () => reject(new Error(`listen tcp 127.0.0.1:${this.#port}: bind: address already in use`)))
      server.listen(this.#port, '127.0.0.1', () => resolve())
    })
    log.info(`Running load balancer k3s-agent-load-balancer 127.0.0.1:${this.#port} -> [${this.#servers.join(' ')}]`)
  }

  update(servers: string[]): void {
    if (servers.length === 0 || servers.join() === this.#servers.join()) return
    log.info(`Updated load balancer k3s-agent-load-balancer server addresses -> [${servers.join(' ')}]`)
    this.#servers = servers
    for (const [socket, server] of this.#open) if (!servers.includes(server)) socket.destroy()
  }

  #dial(client: Socket, [server, ...others]: string[]): void {
    client.on('error', () => {})
    if (server === undefined) {
      client.destroy()
      return
    }
    const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(server) ?? []
    const upstream = connect(Number(port), host)
    upstream.setTimeout(5000, () => upstream.destroy(new Error('i/o timeout')))
    upstream.on('error', () => {
      if (upstream.connecting || !this.#open.has(upstream)) this.#dial(client, others)
    })
    upstream.on('connect', () => {
      upstream.setTimeout(0)
      this.#open.set(upstream, server)
      client.pipe(upstream).pipe(client)
      client.on('close', () => upstream.destroy())
    })
    upstream.on('close', () => {
      if (this.#open.delete(upstream)) client.destroy()
    })
  }
}
