import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { HostOptions } from '@spanwire/lab/host'
import { K3sHost } from '@spanwire/lab/k3s/k3s-host'
import { K3S_VERSION } from '@spanwire/lab/k3s/k3s-releases'
import type { Ran } from '@spanwire/lab/run'
import { type ClusterSettings, defaultClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import { type ClusterSecrets, renderBundleFiles } from '@spanwire/mesh/cluster/render-bundle-files'
import type { K3sReport } from '@spanwire/mesh/protocol/parse-k3s'
import type { RequestKind } from '@spanwire/mesh/protocol/request-kinds'
import type { FakeNode, FakeServer } from './fake-server.ts'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

const INSTALLER = '/root/install.sh'
const installerText = readFileSync(new URL('../../../packages/lab/src/k3s/install.sh', import.meta.url))
export const installerSha256 = createHash('sha256').update(installerText).digest('hex')

/** As the lab's machines are: program and installer lie there, and it is this very installer. */
export const cluster: ClusterSettings = {
  ...defaultClusterSettings('edge', { kind: 'version', version: K3S_VERSION }),
  disable: ['traefik', 'servicelb'],
  airGap: true,
  installer: { source: INSTALLER, sha256: installerSha256 },
}

export type K3sWish = {
  role: 'server-first' | 'server' | 'agent'
  settings?: ClusterSettings
  token?: string
  /** Of the server to join. */
  via?: string
}

/** Machines on which k3s can be installed, and a server whose bundles say what they are to be in a cluster. */
export class K3sLab implements AsyncDisposable {
  readonly lab: NodeLab
  readonly server: FakeServer
  readonly #machines = new Map<string, Machine>()
  readonly #wishes = new Map<string, K3sWish>()
  readonly #asked = new Map<string, { id: string; kind: RequestKind; args: string[]; timeoutSeconds: number }[]>()

  private constructor(lab: NodeLab, server: FakeServer) {
    this.lab = lab
    this.server = server
    server.extras = (node) => this.#extras(node)
  }

  /** A network of its own in a lab that others use too. */
  static async on(lab: NodeLab): Promise<K3sLab> {
    return new K3sLab(lab, await lab.server())
  }

  static async create(): Promise<K3sLab> {
    return K3sLab.on(await NodeLab.create())
  }

  async machine(name: string, options: HostOptions = {}): Promise<Machine> {
    const machine = await this.lab.machine(name, this.server, { init: 'systemd', ...options })
    await new K3sHost(machine.host).place()
    this.#machines.set(name, machine)
    return machine
  }

  /** Pastes the machine's line, the same one each time. */
  async paste(machine: Machine, role: 'gateway' | 'member', args = ''): Promise<Ran> {
    const { name, address } = machine.host
    const known = this.server.nodes.find((node) => node.name === name)
    const node = known ?? this.server.invite(name, role, role === 'gateway' ? `${address}:51820` : null)
    const line = `curl -fsS ${this.server.url}/join | sh -s -- --token ${node.token} ${args}`
    return machine.host.exec(line, { timeoutMs: 110_000 }).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${await machine.log()}\n${await machine.host.journal('k3s')}`)
    })
  }

  /** From the next bundle on; null: nothing of k3s, as for a node that waits or was taken out. */
  wish(name: string, wish: K3sWish | null): void {
    if (wish) this.#wishes.set(name, wish)
    else this.#wishes.delete(name)
    this.server.publish()
  }

  ask(name: string, kind: RequestKind, args: string[] = [], timeoutSeconds = 60): string {
    const id = randomUUID()
    this.#asked.set(name, [...(this.#asked.get(name) ?? []), { id, kind, args, timeoutSeconds }])
    this.server.publish()
    return id
  }

  async answer(id: string, timeoutMs = 120_000) {
    await until(`an answer to ${id}`, timeoutMs, () => this.server.answers.some(({ request }) => request === id)).catch(
      async (error: Error) => {
        const logs = [...this.#machines.values()].map(
          async (machine) => `${machine.host.name}:\n${await machine.log()}`,
        )
        throw new Error(`${error.message}\n${(await Promise.all(logs)).join('\n')}`)
      },
    )
    return this.server.answers.find(({ request }) => request === id)
  }

  forget(name: string): void {
    this.#asked.delete(name)
    this.server.publish()
  }

  async said(name: string, is: (said: K3sReport) => boolean, timeoutMs = 90_000): Promise<K3sReport> {
    const last = () => this.server.last(name)?.k3s
    await until(`${name} to say it, the last was ${JSON.stringify(last())}`, timeoutMs, () => {
      const said = last()
      return said != null && is(said)
    }).catch((error: Error) => {
      throw new Error(`${error.message}; in the end ${JSON.stringify(last())}`)
    })
    return last() as K3sReport
  }

  stepsOf(state: 'done' | 'failed'): string[] {
    return this.server.steps
      .filter((step) => step.state === state)
      .map(({ step, code }) => (code ? `${step} ${code}` : step))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab[Symbol.asyncDispose]()
  }

  #extras(node: FakeNode) {
    const wish = this.#wishes.get(node.name)
    const requests = this.#asked.get(node.name) ?? []
    if (!wish && requests.length === 0) return undefined
    return { files: wish ? filesOf(node, wish) : [], requests }
  }
}

function filesOf({ name, ordinal }: FakeNode, { role, settings = cluster, token, via }: K3sWish) {
  const secrets: ClusterSecrets = { datastoreEndpoint: null, token: role === 'server-first' ? null : (token ?? '') }
  const node = {
    name,
    address4: `10.77.0.${ordinal}`,
    address6: `fd12:3456:789a::${ordinal}`,
    labels: {},
    taints: [],
    zone: null,
    region: null,
  }
  const place = { role, interfaceName: 'span0', serverAddress: role === 'server-first' ? null : (via ?? '10.77.0.1') }
  return renderBundleFiles(settings, node, place, secrets, []).map(({ name, text }) => ({ name, text }))
}
