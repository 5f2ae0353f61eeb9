import type { Inhabitant } from './population.ts'
import { seeded } from './seeded.ts'
import { type Wave, wave } from './wave.ts'

/** What a member's tunnel carries when nothing is wrong: bytes per second to the gateway and from it, milliseconds there and back. */
export type TunnelWaves = { readonly up: Wave; readonly down: Wave; readonly rtt: Wave; readonly phase: number }

export function tunnelWaves(seed: string, who: Inhabitant): TunnelWaves {
  const random = seeded(seed, who.name, 'tunnel')
  return {
    up: wave(random, who.sends, 0.9),
    down: wave(random, who.receives, 0.9),
    rtt: wave(random, who.rttMs, 0.12),
    phase: random(),
  }
}
