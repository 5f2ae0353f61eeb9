import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { HostOptions } from '@spanwire/lab/host'
import { HostProcess } from '@spanwire/lab/host-process'
import { ROUTER } from '@spanwire/lab/internet-ranges'
import { Lab } from '@spanwire/lab/lab'
import { enterNetwork } from '@spanwire/lab/network-namespace'
import { start } from '@spanwire/lab/run'
import type { Shell } from '@spanwire/lab/shells'
import { FakeServer, type FakeTls } from './fake-server.ts'
import { Machine } from './machine.ts'

const ADDRESS = `203.0.113.${ROUTER}`

/** Machines with the script's real paths, tools and tunnels, and servers that a test can bend. */
export class NodeLab implements AsyncDisposable {
  readonly lab: Lab
  readonly #relay: HostProcess
  readonly #directory: string
  readonly #servers: FakeServer[] = []
  #asked = 0

  private constructor(lab: Lab, relay: HostProcess, directory: string) {
    this.lab = lab
    this.#relay = relay
    this.#directory = directory
  }

  static async create(): Promise<NodeLab> {
    const lab = await Lab.create({ controlPlane: false })
    const relay = fileURLToPath(new URL('./relay.mjs', import.meta.url))
    const argv = [...enterNetwork(lab.internet.namespace.pid), process.execPath, relay, ADDRESS]
    return new NodeLab(lab, new HostProcess(start(argv)), mkdtempSync(`${tmpdir()}/spanwire-node-`))
  }

  async server(tls?: FakeTls): Promise<FakeServer> {
    const before = this.#asked++
    const path = `${this.#directory}/server-${before}`
    this.#relay.write(`${path}\n`)
    const [, port] = await this.#relay.waitFor(new RegExp(`^(?:\\d+\\n){${before}}(\\d+)\\n`))
    const server = await FakeServer.start({ path, address: `${ADDRESS}:${port}`, tls })
    this.#servers.push(server)
    return server
  }

  async machine(name: string, server: FakeServer, options: HostOptions & { shell?: Shell } = {}): Promise<Machine> {
    const { shell = 'dash', ...host } = options
    return Machine.create(await this.lab.publicHost(name, { init: 'none', ...host }), server, shell)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()))
    this.#relay.endInput()
    await this.#relay.exited
    await this.lab[Symbol.asyncDispose]()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
