/** Laptops and phones of a simulated network's people, as its gateway sees them. Their keys come of the seed; other keys are nobody's. */
import { keysOf } from './keys.ts'
import type { DeviceView } from './node.ts'
import { seeded } from './seeded.ts'
import { type Wave, wave } from './wave.ts'

export type SimulatedDevice = {
  readonly name: string
  readonly publicKey: string
  readonly expiresInDays: number | null
}

/** By what they do: `away` is the hours since it was last switched off; null is on. */
const DEVICES = [
  { name: 'laptop', expiresInDays: 90, awayHours: null, endpoint: '198.51.100.214:51820' },
  { name: 'phone', expiresInDays: 365, awayHours: 0.6, endpoint: '198.51.100.77:38211' },
  { name: 'tablet', expiresInDays: null, awayHours: 41, endpoint: '198.51.100.77:40817' },
] as const

const REKEY = 120
const HOUR = 3600

export const devicesOf = (seed: string): SimulatedDevice[] =>
  DEVICES.map(({ name, expiresInDays }) => ({
    name,
    expiresInDays,
    publicKey: keysOf(seed, `device ${name}`).publicKey,
  }))

type Known = { endpoint: string; awaySince: number | null; up: Wave; down: Wave }

export class SimulatedDevices {
  readonly #now: () => number
  readonly #begun: number
  readonly #known: ReadonlyMap<string, Known>

  constructor(seed: string, now: () => number) {
    this.#now = now
    this.#begun = now()
    this.#known = new Map(
      DEVICES.map(({ name, awayHours, endpoint }) => {
        const random = seeded(seed, 'device', name)
        const awaySince = awayHours === null ? null : this.#begun - awayHours * HOUR
        const waves = { up: wave(random, 900, 0.8), down: wave(random, 14_000, 0.8) }
        return [keysOf(seed, `device ${name}`).publicKey, { endpoint, awaySince, ...waves }] as const
      }),
    )
  }

  /** `lostAt`: when the gateway took a key that stands in none of their files; unix seconds. */
  view(publicKey: string, lostAt: number | null): DeviceView | null {
    const device = this.#known.get(publicKey)
    if (!device) return null
    const { endpoint, up, down } = device
    const awaySince = lostAt === null ? device.awaySince : Math.min(device.awaySince ?? lostAt, lostAt)
    const until = awaySince ?? this.#now()
    const used = (bytes: Wave) => Math.max(0, Math.floor(bytes.total(until) - bytes.total(this.#begun - 48 * HOUR)))
    const sinceRekey = awaySince === null ? (this.#now() - this.#begun) % REKEY : 0
    return { endpoint, handshakeAt: until - sinceRekey, rxBytes: used(up), txBytes: used(down) }
  }
}
