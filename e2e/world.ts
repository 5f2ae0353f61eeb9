import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { ControlPlane } from '@spanwire/lab/control-plane'
import { Fleet } from '@spanwire/lab/fleet/fleet'
import { foundCluster } from '@spanwire/lab/fleet/found-cluster'
import { foundNetwork } from '@spanwire/lab/fleet/found-network'
import { renderStep, type StepState } from '@spanwire/lab/fleet/render-message'
import { type Rest, restOf } from '@spanwire/lab/fleet/rest'
import { PARTS, type Part } from './page-of.ts'
import { returnedNetwork, ruledNetwork } from './simulated-access.ts'
import {
  allJoin,
  clusterBeingMade,
  clusterInChange,
  clusterThatStopped,
  everyDevice,
  type Parts,
  troubledCluster,
} from './simulated-clusters.ts'
import { returns, rotateKeys, waitsFor } from './simulated-keys.ts'
import { carriedPair, offerLans } from './simulated-paths.ts'

export const OWNER = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery staple' }
export const VIEWER = { email: 'alan@example.com', password: OWNER.password }
export const ORGANIZATION = 'Analytical'

/** Machines and their troubles are drawn from it: each run shows the same fleet. */
const SEED = 'pages'

/** nodes of the network that is full */
const PRODUCTION = 50

const NOWHERE = { network: '', node: '' }

type Invitation = { nodeId: string; token: string; name: string }

/**
 * A server of its own with simulated fleets, in the order in which a person would see it fill:
 *
 *   new ── owner ── bare ── network ── empty ── people, fleets, keys ── full
 *          signUp           settle              fill
 */
export class World implements AsyncDisposable {
  readonly server: ControlPlane
  readonly #data: string
  readonly #fleets: Fleet[] = []
  /** of `full`: where all tunnels are cut, and nodes of which nothing comes any more */
  #cutSite = ''
  #absent: string[] = []
  #rest: Rest | undefined
  /** a network without a node */
  empty = ''
  /** fifty nodes, some of them in trouble */
  full = ''
  /** a few nodes, all well; others are on their way in */
  quiet = ''
  /** nodes of `full`, by what is to be seen on their page */
  nodes = { gateway: '', well: '', cut: '', off: '' }
  /** networks by how their cluster is; `none`: it was made, and no machine has a part in it */
  clusters = { troubled: '', well: '', begun: '', changing: '', stopped: '', none: '' }
  /** of the cluster that is well: laptops and phones call it */
  wellGateway = ''
  /** nodes of the cluster in trouble, by what is to be seen on their page */
  parts: Parts = { server: '', agent: '', cut: '', refused: '', outside: '', leaving: '', stuck: '' }
  /** of the cluster that is being made: an agent that waits for its server */
  waiting = ''
  /** networks with a policy: one whose rules count, one whose last version was returned; `dropping`: a node of the first */
  access = { ruled: '', returned: '', dropping: '' }
  /** a mesh of two gateways and NATs of both kinds; and two of its nodes: one behind a NAT that no direct path leads through, one elsewhere */
  paths = { network: '', from: '', to: '', gateway: '' }
  /** nodes whose keys are rotated, by how far that is */
  keys = { waiting: NOWHERE, returned: NOWHERE }
  /** where a link leads that nobody has used */
  invitation = ''
  /** nodes of `quiet` on their way in, by how far they are */
  joining = { running: '', failed: '', timedOut: '' }

  private constructor(server: ControlPlane, data: string) {
    this.server = server
    this.#data = data
  }

  static async start(): Promise<World> {
    const data = mkdtempSync(join(tmpdir(), 'spanwire-pages-'))
    const url = `http://localhost:${await freePort()}`
    const server = await ControlPlane.start({ data, url }).catch(async (error) => {
      await rm(data, { recursive: true, force: true })
      throw error
    })
    return new World(server, data)
  }

  get url(): string {
    return this.server.url
  }

  /** The first visit, by hand. */
  async signUp(page: Page): Promise<void> {
    await page.goto(`${this.url}/setup`)
    await page.getByLabel('Your name').fill(OWNER.name)
    await page.getByLabel('Email').fill(OWNER.email)
    await page.getByLabel('Organization').fill(ORGANIZATION)
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password)
    await page.getByRole('button', { name: 'Make account' }).click()
    await page.waitForURL(`${this.url}/networks`)
  }

  async signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
    await page.goto(`${this.url}/sign-in`)
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${this.url}/networks`)
  }

  /** One network, with nobody in it. */
  async settle(): Promise<void> {
    const said = await this.server.admin(['make-api-key', '--name', 'inventory', '--role', 'owner'])
    this.#rest = restOf(this.url, /swk_[\w-]+/.exec(said)?.[0] ?? '')
    const { cidr4 } = await this.rest<{ cidr4: string }>('GET', '/network-proposal')
    this.empty = (await this.rest<{ id: string }>('POST', '/networks', { name: 'staging', cidr4 })).id
  }

  get rest(): Rest {
    if (!this.#rest) throw new Error('the world has no key yet: settle() makes it')
    return this.#rest
  }

  /** Whole, or only the parts that some pages show: what they name of another part is nowhere. */
  async fill(parts: readonly Part[] = PARTS): Promise<void> {
    await this.#people()
    const homelab = parts.includes('clusters') || parts.includes('access') ? this.#homelab() : undefined
    // Clusters take their time: they join while the rest is filled.
    const filled = [
      homelab,
      parts.includes('clusters') && this.#clusters(homelab),
      parts.includes('access') && Promise.all([this.#access(), this.#paths()]),
      parts.includes('networks') && this.#networks(),
    ]
    await Promise.all(filled)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#fleets.map((fleet) => fleet.stop()))
    await this.server[Symbol.asyncDispose]()
    await rm(this.#data, { recursive: true, force: true })
  }

  async #fleet(
    name: string,
    nodes: number,
    sites: number,
    { gateways, topology }: { gateways?: number; topology?: 'mesh' } = {},
  ): Promise<{ id: string; fleet: Fleet; siteIds: string[] }> {
    const { id, tokens } = await foundNetwork(this.rest, name, { nodes, sites, gateways, topology })
    const fleet = await Fleet.start({ url: this.url, nodes, sites, gateways, seed: seedOf(name), tokens })
    this.#fleets.push(fleet)
    const found = await this.rest<{ id: string }[]>('GET', `/networks/${id}/sites`)
    return { id, fleet, siteIds: found.map((site) => site.id) }
  }

  async #people(): Promise<void> {
    const { password } = OWNER
    await this.rest('POST', '/members', { name: 'Grace Hopper', email: 'grace@example.com', password, role: 'admin' })
    await this.rest('POST', '/members', { name: 'Alan Turing', ...VIEWER, role: 'viewer' })
  }

  async #networks(): Promise<void> {
    const production = await this.#fleet('production', PRODUCTION, 7)
    const office = await this.#fleet('office', 6, 2)
    this.full = production.id
    this.quiet = office.id
    await this.#joins(office.id)
    await this.#keysOfAccess(production.id, production.siteIds)
    await this.#tunnelsAreUp(production.id, PRODUCTION - 1)
    await this.#trouble(production.fleet)
    await Promise.all([this.#rotations(production.id, production.fleet), this.#history(production.fleet)])
    await this.#troubleShows(production.id)
  }

  /** A cluster that is well. */
  async #homelab(): Promise<void> {
    const { id, fleet } = await this.#fleet('homelab', 5, 2)
    this.clusters.well = id
    this.wellGateway = fleet.gateway.id ?? ''
    await allJoin(this.rest, id, fleet)
  }

  async #clusters(homelab: Promise<void> | undefined): Promise<void> {
    const { rest } = this
    const [edge, depot, plant, mill] = await Promise.all([
      this.#fleet('retail-edge', 14, 4),
      this.#fleet('depot', 5, 2),
      this.#fleet('plant', 5, 2),
      this.#fleet('mill', 3, 1),
    ])
    const none = await this.#bareCluster('archive')
    Object.assign(this.clusters, { troubled: edge.id, begun: depot.id, changing: plant.id, stopped: mill.id, none })
    this.waiting = await clusterBeingMade(rest, depot.id, depot.fleet)
    await Promise.all([
      troubledCluster(rest, edge.id, edge.fleet).then((parts) => {
        this.parts = parts
      }),
      // Of devices after, whose files then have the ranges of the cluster in them.
      homelab?.then(() =>
        everyDevice({
          ...{ data: this.#data, network: this.clusters.well, seed: seedOf('homelab'), owner: OWNER.email },
        }),
      ),
      clusterInChange(rest, plant.id, plant.fleet),
      clusterThatStopped(rest, mill.id, mill.fleet),
    ])
  }

  async #access(): Promise<void> {
    const { rest } = this
    const [vault, pier] = await Promise.all([this.#fleet('vault', 6, 2), this.#fleet('pier', 4, 2)])
    this.access = { ruled: vault.id, returned: pier.id, dropping: '' }
    await Promise.all([this.#tunnelsAreUp(vault.id, 5), this.#tunnelsAreUp(pier.id, 3)])
    const [dropping] = await Promise.all([
      ruledNetwork(rest, vault.id, vault.fleet),
      returnedNetwork(rest, pier.id, pier.fleet),
    ])
    this.access.dropping = dropping
    const { url } = await rest<{ url: string }>('POST', '/member-invitations', { role: 'viewer', expiresInHours: 48 })
    this.invitation = new URL(url).pathname + new URL(url).hash
  }

  async #paths(): Promise<void> {
    const { id, fleet } = await this.#fleet('harbour', 12, 4, { gateways: 2, topology: 'mesh' })
    const ends = await carriedPair(this.rest, id, fleet)
    await offerLans(this.rest, ends.from)
    this.paths = { network: id, ...ends, gateway: fleet.gateway.id ?? '' }
  }

  /** Described, and no machine of it yet. */
  async #bareCluster(name: string): Promise<string> {
    const { id } = await this.#fleet(name, 2, 1)
    await foundCluster(this.rest, id, { servers: [], agents: [] })
    return id
  }

  /** Machines that stopped on their way in, by their own words. */
  async #joins(network: string): Promise<void> {
    const invite = async (name: string) => {
      const made = await this.rest<Invitation>('POST', '/invitations', { networkId: network })
      await this.rest('PATCH', `/invitations/${made.nodeId}`, { name, role: 'member' })
      return made
    }
    const say = async (token: string, step: string, state: StepState, evidence: string, code?: string) => {
      const answer = await fetch(`${this.url}/node/v1/step`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
        body: renderStep(step, state, evidence, code),
      })
      if (answer.status !== 204) throw new Error(`a step was answered ${answer.status}: ${await answer.text()}`)
    }
    const checks = 'Debian GNU/Linux 12 (bookworm), kernel 6.1.0-28-amd64, WireGuard in the kernel'
    const [running, failed, timedOut] = [await invite('reception'), await invite('printer'), await invite('archive')]
    await say(running.token, 'preflight', 'running', 'apt-get install wireguard-tools nftables')
    const rule = 'iptables INPUT: -A INPUT -j REJECT --reject-with icmp-host-prohibited'
    await say(failed.token, 'preflight', 'failed', rule, 'host-firewall')
    await say(timedOut.token, 'preflight', 'done', checks)
    await say(timedOut.token, 'keys', 'running', '')
    this.joining = { running: running.nodeId, failed: failed.nodeId, timedOut: timedOut.nodeId }
  }

  async #keysOfAccess(network: string, siteIds: readonly string[]): Promise<void> {
    const { rest } = this
    const key = { networkId: network, maxUses: 25, expiresInHours: 7 * 24, siteId: siteIds[1] }
    await rest('POST', '/join-keys', { ...key, name: 'autoscaling workers', labels: { pool: 'burst' } })
    await rest('POST', '/api-keys', { name: 'terraform', role: 'admin', expiresInDays: 90 })
    await rest('POST', '/api-keys', { name: 'grafana', role: 'viewer', expiresInDays: 365 })
    const nightly = await rest<{ row: { id: string } }>('POST', '/api-keys', {
      ...{ name: 'nightly inventory', role: 'viewer', expiresInDays: 30 },
    })
    await rest('DELETE', `/api-keys/${nightly.row.id}`)
  }

  /** Of the gateway, for which two machines are not there, and of a machine whose tunnel is cut. */
  async #rotations(network: string, fleet: Fleet): Promise<void> {
    const { rest } = this
    const gateway = fleet.gateway.id ?? ''
    const returned = fleet.membersAt(this.#cutSite)[1]?.id ?? ''
    for (const node of [gateway, returned]) await rotateKeys(rest, node)
    await Promise.all([waitsFor(rest, gateway, this.#absent), returns(rest, returned)])
    Object.assign(this.keys, { waiting: { network, node: gateway }, returned: { network, node: returned } })
  }

  /** What a person comes to look for. */
  async #trouble(fleet: Fleet): Promise<void> {
    const site = fleet.sites.slice(2).find((name) => fleet.membersAt(name).length >= 3) ?? fleet.sites[1]!
    const elsewhere = fleet.nodes.slice(1).filter(({ who }) => who.site !== site)
    const [well, off, unreachable, clock, lossy, full, noted, paused, labelled] = elsewhere
    this.nodes = {
      gateway: fleet.gateway.id ?? '',
      well: well?.id ?? '',
      off: off?.id ?? '',
      cut: fleet.membersAt(site)[0]?.id ?? '',
    }
    this.#cutSite = site
    this.#absent = [off?.id ?? '', unreachable?.id ?? '']
    fleet.strike('off', { kind: 'off', node: off!.who.name })
    fleet.strike('unreachable', { kind: 'unreachable', node: unreachable!.who.name })
    fleet.strike('clock', { kind: 'clock', node: clock!.who.name, seconds: -94 })
    fleet.strike('lossy', { kind: 'lossy', node: lossy!.who.name, loss: 0.14 })
    fleet.strike('disk', { kind: 'disk-full', node: full!.who.name })
    const note = 'host-firewall INPUT (iptables): -A INPUT -j REJECT --reject-with icmp-host-prohibited'
    fleet.strike('note', { kind: 'note', node: noted!.who.name, note })
    fleet.strike('site', { kind: 'site-cut', site })
    await this.rest('POST', `/nodes/${paused!.id}/pause`)
    await this.rest('PATCH', `/nodes/${labelled!.id}`, { labels: { 'node-pool': 'burst', zone: 'eu-1' } })
    await this.rest('PATCH', `/nodes/${well!.id}`, { labels: { zone: 'eu-1' } })
  }

  async #tunnelsAreUp(network: string, count: number): Promise<void> {
    type Topology = { edges: { status: string }[] }
    for (const deadline = Date.now() + 60_000; ; await sleep(300)) {
      const { edges } = await this.rest<Topology>('GET', `/networks/${network}/topology`)
      const up = edges.filter((edge) => edge.status === 'up').length
      if (up >= count) return
      if (Date.now() > deadline) throw new Error(`only ${up} of ${count} tunnels came up within 60 s`)
    }
  }

  async #troubleShows(network: string): Promise<void> {
    type Network = { problem: { severity: string } | null }
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(500)) {
      const { problem } = await this.rest<Network>('GET', `/networks/${network}`)
      if (problem?.severity === 'bad') return
    }
    throw new Error('no trouble of the fleet showed within 60 s')
  }

  /** Charts of the large fleet begin full: a month of what its machines would have measured. */
  async #history(fleet: Fleet): Promise<void> {
    const { fillHistory } = await import('@spanwire/server/demo/fill-history')
    const { withServices } = await import('@spanwire/server/admin/with-services')
    const { settings } = await import('@spanwire/server/env')
    const state = {
      networkId: this.full,
      seed: seedOf('production'),
      nodes: fleet.nodes.length,
      sites: fleet.sites.length,
      gateways: fleet.nodes.filter(({ who }) => who.role === 'gateway').length,
    }
    await withServices(settings({ data: this.#data }), ({ db }) => fillHistory(db, state, new Date()))
  }
}

const seedOf = (name: string): string => `${SEED} ${name}`

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
