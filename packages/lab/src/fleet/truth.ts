/**
 * Every tunnel of a fleet, one truth for both of its ends: of members to gateways, of gateways to each other, and the direct ones. Made
 * when an end first asks for it.
 */
import type { KeyKind } from './key-disk.ts'
import type { SimulatedNode } from './node.ts'
import type { Inhabitant } from './population.ts'
import { seeded } from './seeded.ts'
import { type End, Tunnel } from './tunnel.ts'
import { tunnelWaves } from './tunnel-waves.ts'

export type Link = {
  readonly tunnel: Tunnel
  readonly end: End
  readonly peer: Inhabitant
  readonly endpoint: string
  /** The peer has the key in use by which it was asked for. */
  readonly isInUse: boolean
  /** It is of the interface for direct paths. */
  readonly isDirect: boolean
}

export class Truth {
  readonly #seed: string
  readonly #now: () => number
  readonly #nodes: readonly SimulatedNode[]
  /** Those that were ever made. */
  readonly #owners = new Map<string, { readonly node: SimulatedNode; readonly kind: KeyKind }>()
  readonly #tunnels = new Map<string, { tunnel: Tunnel; nodes: readonly [SimulatedNode, SimulatedNode] }>()

  constructor(seed: string, now: () => number, nodes: readonly SimulatedNode[]) {
    this.#seed = seed
    this.#now = now
    this.#nodes = nodes
    for (const node of nodes) for (const [kind, key] of node.rotation.own()) this.made(node, kind, key)
  }

  /** From here on a key is that node's. */
  made(node: SimulatedNode, kind: KeyKind, publicKey: string): void {
    this.#owners.set(publicKey, { node, kind })
  }

  /** A node uses other keys from here on: who has them shakes hands anew, who has not loses it. */
  taken(node: SimulatedNode): void {
    for (const { tunnel, nodes } of this.#tunnels.values()) {
      if (!nodes.includes(node)) continue
      const [first, second] = nodes
      const other = first === node ? second : first
      const kind = [first, second].every(({ who }) => who.role === 'member') ? 'direct' : 'main'
      tunnel.fit(other === first ? 'gateway' : 'member', other.hasPeer(node.rotation.publicKey(kind)))
      tunnel.rekey()
      other.wake()
    }
  }

  isInUse(publicKey: string): boolean {
    const owner = this.#owners.get(publicKey)
    return owner?.node.rotation.publicKey(owner.kind) === publicKey
  }

  /** By the peer's own key, or that of its direct interface. */
  link(node: SimulatedNode, peerKey: string): Link | null {
    const owner = this.#owners.get(peerKey)
    const peer = owner?.node
    if (!peer || peer === node) return null
    const direct = owner.kind === 'direct'
    const gateways = [node, peer].filter(({ who }) => who.role === 'gateway').length
    if (direct ? gateways > 0 : gateways === 0) return null
    const [first, second] = this.#inOrder(node, peer)
    const { publicAddress, publicPort, lanAddress } = peer.who
    const isNear = node.who.site === peer.who.site
    return {
      tunnel: this.between(first, second),
      end: node === first ? 'gateway' : 'member',
      peer: peer.who,
      isInUse: this.isInUse(peerKey),
      isDirect: direct,
      endpoint: direct ? `${isNear ? lanAddress : publicAddress}:${publicPort + 1}` : `${publicAddress}:${publicPort}`,
    }
  }

  /** Two members have a direct one; a gateway has one to each. */
  between(a: SimulatedNode, b: SimulatedNode): Tunnel {
    const [first, second] = this.#inOrder(a, b)
    const key = `${first.who.name} ${second.who.name}`
    const known = this.#tunnels.get(key)
    if (known) return known.tunnel
    const turned = (end: End) => (end === 'gateway' ? first : second).wake()
    const waves = tunnelWaves(this.#seed, this.#asInhabitant(first, second))
    const tunnel = new Tunnel(waves, this.#now, turned, meets(first.who, second.who))
    tunnel.power('gateway', !first.isOff)
    tunnel.power('member', !second.isOff)
    this.#tunnels.set(key, { tunnel, nodes: [first, second] })
    return tunnel
  }

  /** Their tunnel, and which of its ends `to` is. */
  towards(from: SimulatedNode, to: SimulatedNode): { readonly tunnel: Tunnel; readonly end: End } {
    const [first] = this.#inOrder(from, to)
    return { tunnel: this.between(from, to), end: to === first ? 'gateway' : 'member' }
  }

  /** All that have been asked for. */
  of(node: SimulatedNode): Tunnel[] {
    return [...this.#tunnels.values()].filter(({ nodes }) => nodes.includes(node)).map(({ tunnel }) => tunnel)
  }

  /** Where a gateway sees a direct interface: a hard NAT shows each another port. Null for a key of nobody's. */
  seen(
    publicKey: string,
    by: SimulatedNode,
  ): { endpoint: string; handshakeAt: number; rxBytes: number; txBytes: number } | null {
    const { node, kind } = this.#owners.get(publicKey) ?? {}
    if (!node || kind !== 'direct' || !this.isInUse(publicKey)) return null
    const { publicAddress, publicPort, nat } = node.who
    const port =
      nat === 'hard'
        ? 20_000 + Math.floor(40_000 * seeded(this.#seed, 'nat', node.who.name, by.who.name)())
        : publicPort + 1
    const now = this.#now()
    // Who is off was seen; its session is over then.
    const handshakeAt = node.isOff ? now - 600 : now - ((now + publicPort) % 120)
    return { endpoint: `${publicAddress}:${port}`, handshakeAt, rxBytes: 148, txBytes: 92 }
  }

  stop(): void {
    for (const { tunnel } of this.#tunnels.values()) tunnel.stop()
  }

  #inOrder(a: SimulatedNode, b: SimulatedNode): readonly [SimulatedNode, SimulatedNode] {
    const isFirst =
      a.who.role === b.who.role ? this.#nodes.indexOf(a) < this.#nodes.indexOf(b) : a.who.role === 'gateway'
    return isFirst ? [a, b] : [b, a]
  }

  /** A member's tunnel to the first gateway is as it always was; others are drawn for the pair. */
  #asInhabitant(first: SimulatedNode, second: SimulatedNode): Inhabitant {
    if (first === this.#nodes[0] && second.who.role === 'member') return second.who
    const random = seeded(this.#seed, 'pair', first.who.name, second.who.name)
    const isNear = first.who.site === second.who.site
    const far = Math.max(
      2,
      0.7 * Math.abs(first.who.rttMs - second.who.rttMs) + 0.4 * (first.who.rttMs + second.who.rttMs),
    )
    const quiet = first.who.role === second.who.role ? 0.5 : 0.02
    return {
      ...second.who,
      name: `${first.who.name} ${second.who.name}`,
      rttMs: (isNear ? 0.3 + random() : far) * (0.9 + 0.2 * random()),
      sends: second.who.sends * quiet,
      receives: second.who.receives * quiet,
    }
  }
}

/** Behind NATs two meet unless one gives a new port for each destination; in one site they meet in its LAN. */
function meets(a: Inhabitant, b: Inhabitant): boolean {
  if (a.role === 'gateway' || b.role === 'gateway' || a.site === b.site) return true
  return a.nat !== 'hard' && b.nat !== 'hard'
}
