import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { joinLine } from '@spanwire/mesh/enrolment/join-line'
import { invariant } from '@spanwire/mesh/invariant'
import type { ControlPlane } from './control-plane.ts'

export interface NodeWish {
  name: string
  role?: 'gateway' | 'member'
  /** host:port, for a gateway */
  endpoint?: string
  siteId?: string
  labels?: Record<string, string>
}

export interface LineWish {
  installPackages?: boolean
  fixFirewall?: boolean
}

type Json = Record<string, unknown>

export interface ClusterNodeWish {
  role: 'server' | 'agent'
  kubernetesName?: string
  labels?: Record<string, string>
  taints?: string[]
}

/** A person's script: works the server through /api/v1 with an API key, as anybody's automation would. */
export class Operator {
  readonly #server: ControlPlane
  readonly #key: string

  constructor(server: ControlPlane, key: string) {
    this.#server = server
    this.#key = key
  }

  /** Makes the first owner and a key for it by the administrator's command line, as on a machine without a browser. */
  static async firstOn(server: ControlPlane): Promise<Operator> {
    const password = 'correct horse battery staple'
    await server.admin(['make-owner', '--email', 'ada@example.com', '--name', 'Ada'], `${password}\n`)
    const said = await server.admin(['make-api-key', '--name', 'lab', '--role', 'owner', '--expires-days', '1'])
    const key = /swk_[A-Za-z0-9_-]{43}/.exec(said)?.[0]
    invariant(key !== undefined, `make-api-key printed no key: ${said}`)
    return new Operator(server, key)
  }

  /** The parsed answer; a refusal is an error that carries the server's words. */
  async ask<T = Json>(method: string, path: string, body?: Json): Promise<T> {
    const { status, text } = await this.#send(method, path, body)
    if (status >= 400) throw new Error(`${method} ${path} answered ${status}: ${text}`)
    return JSON.parse(text) as T
  }

  async createNetwork(name: string): Promise<string> {
    const proposal = await this.ask('GET', '/network-proposal')
    const { cidr4, cidr6, interfaceName, listenPort, mtu, keepaliveSeconds } = proposal
    const wish = { name, cidr4, cidr6, interfaceName, listenPort, mtu, keepaliveSeconds }
    const { id } = await this.ask<{ id: string }>('POST', '/networks', wish)
    return id
  }

  /** What the form proposes, with what is wished otherwise. */
  async makeCluster(networkId: string, wish: Json = {}): Promise<void> {
    const { settings } = await this.ask<{ settings: Json }>('POST', `/networks/${networkId}/cluster-proposal`)
    await this.ask('POST', `/networks/${networkId}/cluster`, { settings: { ...settings, ...wish } })
  }

  /** The role in "Add node": what the machine is to be in the cluster. */
  async setClusterNode(nodeId: string, wish: ClusterNodeWish | { role: null }): Promise<void> {
    await this.ask('POST', `/cluster-nodes/${nodeId}`, { ...wish })
  }

  /** "Add node": the node's id and the very line that the page shows. */
  async invite(
    networkId: string,
    wish: NodeWish,
    line: LineWish = {},
  ): Promise<{ id: string; line: string; token: string }> {
    type Invitation = { nodeId: string; token: string; url: string; pin: string | null }
    const invitation = await this.ask<Invitation>('POST', '/invitations', { networkId })
    await this.ask('PATCH', `/invitations/${invitation.nodeId}`, { ...wish })
    const rendered = joinLine({
      url: invitation.url,
      token: invitation.token,
      pin: invitation.pin ?? undefined,
      installPackages: line.installPackages ?? false,
      fixFirewall: line.fixFirewall ?? false,
      check: false,
    })
    invariant(rendered.ok, rendered.ok ? '' : rendered.error.message)
    return { id: invitation.nodeId, line: rendered.value.line, token: invitation.token }
  }

  /** Asks until `is` holds; the error says what was last seen. */
  async until<T>(path: string, is: (answer: T) => boolean, timeoutMs: number): Promise<T> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const answer = await this.ask<T>('GET', path)
      if (is(answer)) return answer
      if (Date.now() > deadline)
        throw new Error(`${path} did not come to it within ${timeoutMs} ms: ${JSON.stringify(answer)}`)
      await sleep(200)
    }
  }

  #send(method: string, path: string, body?: Json): Promise<{ status: number; text: string }> {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const ask = request(
        `${this.#server.url}/api/v1${path}`,
        {
          method,
          // The certificate was made by this very test a moment ago; nodes check its pin.
          rejectUnauthorized: false,
          timeout: 15_000,
          headers: {
            authorization: `Bearer ${this.#key}`,
            ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
          },
        },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8')
          answer.on('data', (chunk) => {
            text += chunk
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
        },
      )
      ask.on('error', reject)
      ask.on('timeout', async () => {
        const tail = await this.#server.logTail()
        ask.destroy(new Error(`${method} ${path} had no answer within 15 s. The server's log ends with:\n${tail}`))
      })
      ask.end(payload)
    })
  }
}
