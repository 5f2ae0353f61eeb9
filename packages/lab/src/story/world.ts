import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ControlPlane } from '../control-plane.ts'
import type { Host } from '../host.ts'
import { Lab } from '../lab.ts'
import { type ClusterNodeWish, Operator } from '../operator.ts'

/** A step of the ledger as /api/v1 answers it. */
export interface LedgerAnswer {
  done: boolean
  summary: string | null
  steps: { step: string; state: string; evidence: string | null; fix: string | null }[]
}

export interface JoinWish {
  role?: 'gateway' | 'member'
  endpoint?: string
  siteId?: string
  fix?: boolean
  /** What it is to be in the network's cluster. */
  cluster?: ClusterNodeWish
}

export interface NodeAnswer {
  id: string
  name: string
  state: string
  address4: string | null
  facts: Record<'reporting' | 'tunnels' | 'cluster', { status: string; text: string; at: string | null }>
  rxRate: number | null
  txRate: number | null
  revision: { current: boolean; applied: number | null }
  problems?: { severity: string; text: string; fix: string }[]
}

/** The lab story's world: an Internet, the real server over self-signed TLS on it, and a network with nothing in it yet. */
export class World implements AsyncDisposable {
  readonly lab: Lab
  readonly server: ControlPlane
  readonly operator: Operator
  readonly network: string
  /** The data directory of the server. */
  readonly data: string

  private constructor(lab: Lab, server: ControlPlane, operator: Operator, network: string, data: string) {
    this.lab = lab
    this.server = server
    this.operator = operator
    this.network = network
    this.data = data
  }

  static async create(env: Record<string, string> = {}): Promise<World> {
    const lab = await Lab.create()
    const data = mkdtempSync(join(tmpdir(), 'spanwire-story-'))
    const url = `https://${lab.controlPlane?.address}:3000`
    const server = await ControlPlane.start({ data, url, tls: 'self-signed', env })
    const operator = await Operator.firstOn(server)
    const network = await operator.createNetwork('home-lab')
    return new World(lab, server, operator, network, data)
  }

  /** A second network of the same organization, in the same lab. This one is disposed, not that. */
  async beside(name: string): Promise<World> {
    const network = await this.operator.createNetwork(name)
    return new World(this.lab, this.server, this.operator, network, this.data)
  }

  /** Pastes the line of a fresh invitation on the host; with a role in the cluster it waits until a pod there has answered. */
  async join(host: Host, name: string, wish: JoinWish = {}) {
    const invitation = await this.invite(name, wish)
    const said = await this.paste(host, invitation.line)
    if (wish.cluster) await this.untilLedger(invitation.id, (ledger) => ledger.done, 240_000)
    return { ...invitation, said, node: await this.node(invitation.id) }
  }

  async invite(name: string, { fix, cluster, ...node }: JoinWish = {}) {
    const invitation = await this.operator.invite(this.network, { name, ...node }, { fixFirewall: fix ?? false })
    if (cluster) await this.operator.setClusterNode(invitation.id, cluster)
    return invitation
  }

  async paste(host: Host, line: string): Promise<string> {
    const pasted = await host.exec(line, { timeoutMs: 300_000 })
    if (pasted.code !== 0)
      throw new Error(`the line ended with ${pasted.code} on ${host.name}:\n${pasted.stdout}\n${pasted.stderr}`)
    return pasted.stdout
  }

  node(id: string): Promise<NodeAnswer> {
    return this.operator.ask<NodeAnswer>('GET', `/nodes/${id}`)
  }

  untilNode(id: string, is: (node: NodeAnswer) => boolean, timeoutMs: number): Promise<NodeAnswer> {
    return this.operator.until<NodeAnswer>(`/nodes/${id}`, is, timeoutMs)
  }

  untilLedger(id: string, is: (ledger: LedgerAnswer) => boolean, timeoutMs: number): Promise<LedgerAnswer> {
    return this.operator.until<LedgerAnswer>(`/nodes/${id}/ledger`, is, timeoutMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
    await this.lab[Symbol.asyncDispose]()
    await rm(this.data, { recursive: true, force: true })
  }
}
