import type { Segment } from './segment.ts'

export type Target = string | Outlet
export type UdpCut = { port?: number; to?: Target }

/**
 * Where a machine is plugged in. Cutting works at the switch, so the machine itself is never touched and cannot tell a cut
 * from any other silence.
 */
export abstract class Outlet {
  abstract readonly segment: Segment
  abstract readonly port: string
  /** On its own segment. */
  abstract readonly address: string
  /** As the Internet sees it: its own address, or that of its home's router. */
  abstract readonly publicAddress: string

  /** Drops UDP from and to this machine: all of it, or that with a port (of either end), or with one other machine. */
  cutUdp(cut: UdpCut = {}): Promise<void> {
    return this.segment.cut(this.port, { kind: 'udp', port: cut.port, peer: this.#seen(cut.to) })
  }

  healUdp(): Promise<void> {
    return this.segment.heal(this.port, (cut) => cut.kind === 'udp')
  }

  /** Drops everything from and to this machine, or everything between it and one other. */
  cut(what: { to?: Target } = {}): Promise<void> {
    return this.segment.cut(this.port, { kind: 'everything', peer: this.#seen(what.to) })
  }

  /** Ends `cut` and a host's `cutInternet`; UDP that was cut by itself stays cut. */
  heal(): Promise<void> {
    return this.segment.heal(this.port, (cut) => cut.kind !== 'udp')
  }

  #seen(target: Target | undefined): string | undefined {
    if (target === undefined || typeof target === 'string') return target
    return target.segment === this.segment ? target.address : target.publicAddress
  }
}
