import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ControlPlane } from '@spanwire/lab/control-plane'
import { Fleet } from '@spanwire/lab/fleet/fleet'
import { foundNetwork } from '@spanwire/lab/fleet/found-network'
import { type Rest, restOf } from '@spanwire/lab/fleet/rest'

const EMAIL = 'ada@example.com'
const PASSWORD = 'correct horse battery staple'

type Options = { nodes: number; sites: number; gateways?: number; topology?: 'hub' | 'sites' | 'mesh' }

/** One network of simulated machines in front of a server of its own, as `npm run demo` shows it; nothing goes wrong by itself. */
export class SimulatedNetwork implements AsyncDisposable {
  readonly server: ControlPlane
  readonly fleet: Fleet
  readonly id: string
  /** the operators' surface, as a script with an owner's key uses it */
  readonly rest: Rest
  readonly #data: string

  private constructor(server: ControlPlane, fleet: Fleet, id: string, rest: Rest, data: string) {
    this.server = server
    this.fleet = fleet
    this.id = id
    this.rest = rest
    this.#data = data
  }

  static async start({ nodes, sites, gateways = 1, topology = 'hub' }: Options): Promise<SimulatedNetwork> {
    const data = mkdtempSync(join(tmpdir(), 'spanwire-e2e-'))
    const server = await ControlPlane.start({ data, url: `http://localhost:${await freePort()}` })
    try {
      await server.admin(['make-owner', '--email', EMAIL, '--name', 'Ada Lovelace'], PASSWORD)
      const key = (await server.admin(['make-api-key', '--name', 'fleet', '--role', 'owner'])).trim()
      const rest = restOf(server.url, key)
      const { id, tokens } = await foundNetwork(rest, 'fleet', { nodes, sites, gateways, topology })
      const fleet = await Fleet.start({ url: server.url, nodes, sites, gateways, seed: 'the same each time', tokens })
      return new SimulatedNetwork(server, fleet, id, rest, data)
    } catch (error) {
      await server[Symbol.asyncDispose]()
      throw error
    }
  }

  url(path: string): string {
    return `${this.server.url}/networks/${this.id}/${path}`
  }

  async signIn(page: Page, email = EMAIL): Promise<void> {
    await page.goto(`${this.server.url}/sign-in`)
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/networks/)
  }

  /** Somebody else, to sign in with the same password. */
  async addMember(email: string, role: 'viewer' | 'operator' | 'admin'): Promise<void> {
    await this.rest('POST', '/members', { name: email, email, password: PASSWORD, role })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet.stop()
    await this.server[Symbol.asyncDispose]()
    await rm(this.#data, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
