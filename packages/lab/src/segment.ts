import { randomInt } from 'node:crypto'
import { type Cut, renderCuts } from './cut.ts'
import type { NetworkNamespace } from './network-namespace.ts'
import { enterNetwork } from './network-namespace.ts'
import { runOrThrow } from './run.ts'

export type Plug = { pid: number; device: string; address: string; gateway?: string; mac?: string }

/** A switch: a bridge in a namespace, with a port for each machine. What is cut is cut here, outside the machines. */
export class Segment {
  readonly namespace: NetworkNamespace
  readonly bridge: string
  readonly #cuts = new Map<string, Cut[]>()
  #ports = 0
  #applied: Promise<unknown> = Promise.resolve()

  private constructor(namespace: NetworkNamespace, bridge: string) {
    this.namespace = namespace
    this.bridge = bridge
  }

  /** `addresses` are the bridge's own, with prefix length: the router's on this segment. */
  static async create(namespace: NetworkNamespace, bridge: string, addresses: string[]): Promise<Segment> {
    // Without an address of its own a bridge has that of one of its ports, and another one with each new port: what machines
    // remember of the router would be wrong for seconds.
    const lines = [`ip link add ${bridge} address ${newMac()} type bridge`, `ip link set ${bridge} up`]
    for (const address of addresses) lines.push(`ip addr add ${address} dev ${bridge}`)
    await namespace.sh(lines.join('\n'))
    return new Segment(namespace, bridge)
  }

  newPort(): string {
    this.#ports += 1
    return `port${this.#ports}`
  }

  /** Connects a network namespace to a port. A port that is left from an earlier boot of the machine is replaced. */
  async plug(port: string, plug: Plug): Promise<void> {
    const { pid, device, address, gateway } = plug
    await this.namespace.sh(`
ip link del ${port} 2> /dev/null || true
ip link add ${port} type veth peer name ${device} address ${plug.mac ?? newMac()} netns ${pid}
ip link set ${port} master ${this.bridge} up
`)
    const lines = [`ip addr add ${address} dev ${device}`, `ip link set ${device} up`]
    if (gateway !== undefined) lines.push(`ip route add default via ${gateway}`)
    await runOrThrow([...enterNetwork(pid), 'sh', '-eu'], { stdin: lines.join('\n') })
  }

  unplug(port: string): Promise<string> {
    return this.namespace.sh(`ip link del ${port} 2> /dev/null || true`)
  }

  async cut(port: string, cut: Cut): Promise<void> {
    this.#cuts.set(port, [...(this.#cuts.get(port) ?? []), cut])
    await this.#applyCuts()
  }

  async heal(port: string, what: (cut: Cut) => boolean): Promise<void> {
    this.#cuts.set(
      port,
      (this.#cuts.get(port) ?? []).filter((cut) => !what(cut)),
    )
    await this.#applyCuts()
  }

  /** Two changes at once would otherwise be loaded in any order. */
  #applyCuts(): Promise<unknown> {
    const apply = () => this.namespace.nft(renderCuts(this.#cuts))
    this.#applied = this.#applied.then(apply, apply)
    return this.#applied
  }
}

/** Locally administered, so it never meets a real one. */
export function newMac(): string {
  const octets = Array.from({ length: 5 }, () => randomInt(256).toString(16).padStart(2, '0'))
  return ['02', ...octets].join(':')
}
