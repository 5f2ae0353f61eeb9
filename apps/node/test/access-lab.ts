import { randomUUID } from 'node:crypto'
import type { HostOptions } from '@spanwire/lab/host'
import type { HostProcess } from '@spanwire/lab/host-process'
import type { Shell } from '@spanwire/lab/shells'
import { planAccess } from '@spanwire/mesh/policy/plan-access'
import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { renderAccess } from '@spanwire/mesh/policy/render-access'
import type { PolicyReport } from '@spanwire/mesh/protocol/parse-policy'
import type { FakeAccess, FakeNode, FakeServer } from './fake-server.ts'
import type { Machine } from './machine.ts'
import type { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

/** Rules of a policy as people write them: what stands in the brackets of `acls`; null for no policy at all. */
type Rules = string | null
/** The chains themselves, where a test is about broken ones. */
type Chains = { readonly chains: string }

const everything = '{"action": "accept", "src": ["*"], "dst": ["*:*"]}'
export const ports = (...list: number[]) => `{"action": "accept", "src": ["*"], "dst": ["*:${list.join(',')}"]}`

/** A network whose server has a policy, and may have another version of it on trial. */
export class AccessLab {
  readonly lab: NodeLab
  readonly server: FakeServer
  #confirmed: { number: number; rules: Rules } = { number: 1, rules: everything }
  #trial: { id: string; number: number; seconds: number; rules: Rules | Chains } | null = null

  private constructor(lab: NodeLab, server: FakeServer) {
    this.lab = lab
    this.server = server
    server.access = (node) => this.#accessOf(node)
  }

  static async on(lab: NodeLab): Promise<AccessLab> {
    return new AccessLab(lab, await lab.server())
  }

  /** Nobody has saved a policy, or the last one was taken away. */
  static async open(lab: NodeLab): Promise<AccessLab> {
    const world = await AccessLab.on(lab)
    world.#confirmed = { number: 0, rules: null }
    return world
  }

  /** A gateway that has joined; it does what the confirmed version says. */
  async gateway(name: string, options: HostOptions & { shell?: Shell } = {}, args = ''): Promise<Machine> {
    const machine = await this.lab.machine(name, this.server, options)
    await machine.join('gateway', args)
    await until('its part for access to report', 30_000, () => this.said(name)?.number === this.#confirmed.number)
    return machine
  }

  async member(name: string): Promise<Machine> {
    const machine = await this.lab.machine(name, this.server)
    await machine.join('member')
    await until('its part for access to report', 30_000, () => this.said(name)?.number === this.#confirmed.number)
    return machine
  }

  /** From the next bundle on; its id. */
  begin(rules: Rules | Chains, seconds: number, id: string = randomUUID()): string {
    this.#trial = { id, number: this.#confirmed.number + 1, seconds, rules }
    this.server.publish()
    return id
  }

  /** The version on trial is the one that holds. */
  confirm(): void {
    const { rules, number } = this.#trial ?? { rules: null, number: 0 }
    if (rules !== null && typeof rules === 'object') throw new Error('broken rules are never confirmed')
    this.#confirmed = { number, rules }
    this.takeBack()
  }

  takeBack(): void {
    this.#trial = null
    this.server.publish()
  }

  said(name: string): PolicyReport | null | undefined {
    return this.server.last(name)?.policy
  }

  /** Until a report says so. */
  async says(name: string, state: 'on' | 'returned', id: string, timeoutMs = 20_000): Promise<void> {
    await until(`${name} to say that ${id} is ${state}`, timeoutMs, () => {
      const { trial } = this.said(name) ?? {}
      return trial?.id === id && trial.state === state
    })
  }

  /** Until counters that are looked at every 20 s have come: held requests end, so that reports go out meanwhile. */
  async counted(what: string, is: () => boolean): Promise<void> {
    await until(
      what,
      60_000,
      () => {
        this.server.release()
        return is()
      },
      1000,
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.server.reports.at(-1)?.text.split(':policy')[1]}`)
    })
  }

  /** The last words of a node on why it went back. */
  why(name: string): string | undefined {
    const report = this.server.reports.findLast((report) => report.name === name)
    return /^ why (.*)$/m.exec(report?.text ?? '')?.[1]
  }

  #accessOf(node: FakeNode): FakeAccess {
    const trial = this.#trial
    return {
      confirmed: this.#confirmed.number,
      rules: this.#chains(this.#confirmed.rules, node),
      trial: trial && {
        ...{ id: trial.id, number: trial.number, seconds: trial.seconds },
        access: this.#chains(trial.rules, node),
      },
    }
  }

  #chains(rules: Rules | Chains, node: FakeNode): string | null {
    if (rules === null) return null
    if (typeof rules === 'object') return rules.chains
    const { policy, findings } = readPolicy(`{"acls": [${rules}]}`)
    if (!policy) throw new Error(JSON.stringify(findings))
    const nodes = this.server.nodes.map(({ id, name, ordinal }) => ({
      ...{ id, name, address4: `10.77.0.${ordinal}`, address6: `fd12:3456:789a::${ordinal}` },
      ...{ site: null, tags: [], owner: null, podRanges: [] },
    }))
    const carrier = this.server.nodes.find(({ role }) => role === 'gateway')?.id ?? null
    const network = { cidr4: '10.77.0.0/16', cidr6: 'fd12:3456:789a::/48' }
    const world = { ...network, nodes, devices: [], members: [], sites: [], clusters: [], carrier }
    return renderAccess(planAccess(policy, world), node.id, 'span0')
  }
}

/** Our table as it stands, without what it has counted. */
export const rulesOf = (machine: Machine): Promise<string> => machine.host.output('nft -st list table inet spanwire')

/** Says hello to whoever connects, on all its addresses. */
export async function greet(machine: Machine, ports: readonly number[]): Promise<HostProcess> {
  const serve = `const { createServer } = require('node:net')
for (const port of ${JSON.stringify(ports)}) createServer((socket) => socket.on('error', () => {}).end('hello')).listen(port, () => console.log('listens'))`
  const greeter = machine.host.spawn([process.execPath, '-e', serve])
  await greeter.waitFor(new RegExp(`(listens\\n){${ports.length}}`))
  return greeter
}

export async function hearsFrom(machine: Machine, address: string, port: number): Promise<boolean> {
  const { stdout } = await machine.host.exec(['timeout', '3', 'bash', '-c', `cat </dev/tcp/${address}/${port}`])
  return stdout === 'hello'
}
