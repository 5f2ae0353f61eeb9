import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { log } from '../log.ts'

/**
 * The agent's way to the servers: 127.0.0.1:6444, each connection to the first server that answers, beginning with the one
 * that served last (pkg/agent/loadbalancer). Starts with the address in the configuration, then follows the endpoints of
 * the service `kubernetes`: an advertise-address that agents cannot reach breaks them a moment after they joined. What it
 * knew it finds again in its file, so that an agent starts while the server in its configuration is away.
 */
export class LoadBalancer {
  #servers: string[]
  readonly #url: string
  readonly #port: number
  readonly #file: string
  readonly #open = new Map<Socket, string>()
  #servedLast = ''

  constructor(url: string, port: number, file: string) {
    this.#url = url
    this.#port = port
    this.#file = file
    this.#servers = this.#remembered()
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#dial(socket, this.#inTurn()))
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
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
    writeFileSync(this.#file, JSON.stringify({ ServerURL: this.#url, ServerAddresses: servers }), { mode: 0o600 })
    for (const [socket, server] of this.#open) if (!servers.includes(server)) socket.destroy()
  }

  /** What is written there counts for the same configured server only (loadbalancer/config.go). */
  #remembered(): string[] {
    const { hostname, port } = new URL(this.#url)
    const configured = [`${hostname}:${port || '443'}`]
    try {
      const { ServerURL, ServerAddresses } = JSON.parse(readFileSync(this.#file, 'utf8'))
      return ServerURL === this.#url ? ServerAddresses : configured
    } catch {
      return configured
    }
  }

  #inTurn(): string[] {
    const last = this.#servers.filter((server) => server === this.#servedLast)
    return [...last, ...this.#servers.filter((server) => server !== this.#servedLast)]
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
      this.#servedLast = server
      client.pipe(upstream).pipe(client)
      client.on('close', () => upstream.destroy())
    })
    upstream.on('close', () => {
      if (this.#open.delete(upstream)) client.destroy()
    })
  }
}
