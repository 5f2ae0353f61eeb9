/**
 * The one truth about the tunnel between a member and its gateway, of which each end sees its side.
 *
 *   both on, both ways open      handshakes every 120 s, bytes both ways, both ends hear
 *   one way cut                  the far end hears nothing; the near one does until the session is dead (180 s), then neither
 *   an end off, without it, or   nothing
 *   with a key that is not used
 *
 * An end calls the other alive at the tick in which it heard it, and dead after three silent ticks of 3 s (FACTS of the script's path
 * loop); it then breaks its held request. Times are unix seconds.
 */
import { Meter } from './meter.ts'
import type { TunnelWaves } from './tunnel-waves.ts'

export type End = 'gateway' | 'member'

export type EndView = {
  readonly state: 'alive' | 'dead' | 'unknown'
  readonly since: number
  readonly heard: number | null
  readonly handshakeAt: number | null
  readonly rttMs: number | null
  readonly sent: number
  readonly lost: number
  readonly rxBytes: number
  readonly txBytes: number
}

type Side = {
  isOn: boolean
  isConfigured: boolean
  hasKey: boolean
  /** Packets of the other end arrive here. */
  hears: boolean
  heardAt: number | null
  state: EndView['state']
  since: number
  pings: { sent: number; lost: number; at: number }
  /** What the meters showed when its interface was made. */
  zero: { sent: number; received: number }
  turn: NodeJS.Timeout | null
}

const TICK = 3
const DEAD_AFTER = 11
const REKEY = 120
/** REJECT_AFTER_TIME */
const SESSION = 180
/** On the average: an idle peer is pinged at each tick without news, a busy one every 30 s. */
const PING_EVERY = 12
const PING_DEAD_EVERY = 24

export class Tunnel {
  readonly #now: () => number
  readonly #turned: (end: End) => void
  readonly #sides: Record<End, Side>
  readonly #meters: { up: Meter; down: Meter }
  readonly #waves: TunnelWaves
  /** Since when handshakes succeed, and when the last one did while they do not. */
  #shakingSince: number | null = null
  #lastHandshake: number | null = null
  #expiry: NodeJS.Timeout | null = null
  #open: Record<End, boolean> = { gateway: true, member: true }
  #loss = 0
  readonly #meets: boolean

  /** `meets`: the two can reach each other at all, NATs and all. */
  constructor(waves: TunnelWaves, now: () => number, turned: (end: End) => void, meets = true) {
    this.#meets = meets
    this.#now = now
    this.#turned = turned
    this.#waves = waves
    this.#meters = { up: new Meter(waves.up), down: new Meter(waves.down) }
    this.#sides = { gateway: side(), member: side() }
  }

  /** The machine of an end runs, or does not. A fresh boot knows nothing of before. */
  power(end: End, isOn: boolean): void {
    if (this.#sides[end].isOn === isOn) return
    this.#sides[end].isOn = isOn
    if (isOn) this.#forget(end)
    this.#settle()
  }

  /** Whether the key by which an end knows the other is the one that the other uses. */
  fit(end: End, hasKey: boolean): void {
    if (this.#sides[end].hasKey === hasKey) return
    this.#sides[end].hasKey = hasKey
    this.#settle()
  }

  /** An end uses another key: whatever session there is, the next packet waits for a handshake. */
  rekey(): void {
    if (this.#shakingSince !== null) this.#shakingSince = this.#now()
  }

  /** An end has, or has not, the other as a peer. */
  configure(end: End, isConfigured: boolean): void {
    if (this.#sides[end].isConfigured === isConfigured) return
    this.#sides[end].isConfigured = isConfigured
    if (isConfigured) this.#forget(end)
    this.#settle()
  }

  /** Packets towards `end` arrive, or do not. */
  way(towards: End, isOpen: boolean): void {
    this.#open = { ...this.#open, [towards]: isOpen }
    this.#settle()
  }

  /** 0..1 of the packets. */
  lossy(loss: number): void {
    for (const end of ['gateway', 'member'] as const) this.#count(end)
    this.#loss = loss
  }

  view(end: End): EndView {
    const now = this.#now()
    const { hears, heardAt, state, since, pings, zero } = this.#count(end)
    const { up, down } = this.#meters
    const [sent, received] = end === 'member' ? [up, down] : [down, up]
    const jitter = 1 + this.#loss * 3 * Math.abs(Math.sin(now / 7))
    return {
      state,
      since,
      // The last tick, at most 3 s ago.
      heard: hears ? now - ((now + this.#waves.phase * TICK) % TICK) : heardAt,
      handshakeAt: this.#handshakeAt(now),
      rttMs: heardAt === null ? null : this.#waves.rtt.at(now) * jitter + (end === 'gateway' ? 0.05 : 0),
      sent: Math.floor(pings.sent),
      lost: Math.floor(pings.lost),
      rxBytes: Math.max(0, Math.floor(received.read(now) - zero.received)),
      txBytes: Math.max(0, Math.floor(sent.read(now) - zero.sent)),
    }
  }

  stop(): void {
    for (const { turn } of Object.values(this.#sides)) if (turn) clearTimeout(turn)
    if (this.#expiry) clearTimeout(this.#expiry)
  }

  /** After anything changed: who hears whom from here on. */
  #settle(): void {
    const now = this.#now()
    const { gateway, member } = this.#sides
    const isThere = (side: Side) => side.isOn && side.isConfigured && side.hasKey
    const bothThere = isThere(gateway) && isThere(member)
    const canShake = this.#meets && bothThere && this.#open.gateway && this.#open.member
    if (canShake && this.#shakingSince === null) {
      this.#shakingSince = now
      for (const meter of Object.values(this.#meters)) meter.open(now)
    } else if (!canShake && this.#shakingSince !== null) {
      this.#lastHandshake = this.#handshakeAt(now)
      this.#shakingSince = null
      for (const meter of Object.values(this.#meters)) meter.close(now)
    }
    const sessionLeft = canShake ? Number.POSITIVE_INFINITY : (this.#lastHandshake ?? 0) + SESSION - now
    if (this.#expiry) clearTimeout(this.#expiry)
    this.#expiry = null
    if (bothThere && !canShake && sessionLeft > 0) this.#expiry = setTimeout(() => this.#settle(), sessionLeft * 1000)
    for (const end of ['gateway', 'member'] as const)
      this.#hear(end, this.#meets && bothThere && sessionLeft > 0 && this.#open[end])
  }

  #hear(end: End, hears: boolean): void {
    const here = this.#sides[end]
    const now = this.#now()
    this.#count(end)
    if (here.hears && !hears) here.heardAt = now
    here.hears = hears
    if (hears) here.heardAt = now
    const wanted = hears ? 'alive' : 'dead'
    if (here.turn) clearTimeout(here.turn)
    here.turn = null
    if (!here.isOn || !here.isConfigured || here.state === wanted) return
    here.turn = setTimeout(() => this.#becomes(end, wanted), (hears ? TICK * this.#waves.phase : DEAD_AFTER) * 1000)
  }

  #becomes(end: End, state: EndView['state']): void {
    const here = this.#sides[end]
    this.#count(end)
    here.turn = null
    here.state = state
    here.since = this.#now()
    this.#turned(end)
  }

  #handshakeAt(now: number): number | null {
    if (this.#shakingSince === null) return this.#lastHandshake
    return this.#shakingSince + Math.floor((now - this.#shakingSince) / REKEY) * REKEY
  }

  /** Brings the pings of an end up to date. */
  #count(end: End): Side {
    const here = this.#sides[end]
    const now = this.#now()
    const { pings } = here
    if (here.isOn && here.isConfigured) {
      const asked = Math.max(0, now - pings.at) / (here.state === 'dead' ? PING_DEAD_EVERY : PING_EVERY)
      pings.sent += asked
      pings.lost += asked * (here.hears ? this.#loss : 1)
    }
    pings.at = now
    return here
  }

  #forget(end: End): void {
    const now = this.#now()
    const here = this.#sides[end]
    const { up, down } = this.#meters
    here.state = 'unknown'
    here.since = now
    here.heardAt = null
    here.hears = false
    here.pings = { sent: 0, lost: 0, at: now }
    here.zero =
      end === 'member'
        ? { sent: up.read(now), received: down.read(now) }
        : { sent: down.read(now), received: up.read(now) }
  }
}

const side = (): Side => ({
  isOn: true,
  isConfigured: false,
  hasKey: true,
  hears: false,
  heardAt: null,
  state: 'unknown',
  since: 0,
  pings: { sent: 0, lost: 0, at: 0 },
  zero: { sent: 0, received: 0 },
  turn: null,
})
