/** What a fleet of the same seed would have measured before it was started: its charts go on where this ends. */
import { SimulatedMachine } from './machine.ts'
import { type Inhabitant, placeNames, populate } from './population.ts'
import { tunnelWaves } from './tunnel-waves.ts'

export type Measured = {
  readonly cpu: number
  readonly memory: number
  readonly disk: number
  readonly load1: number
  /** bytes per second through the tunnels */
  readonly rx: number
  readonly tx: number
}

/** At unix seconds. */
export type History = { readonly name: string; at(seconds: number): Measured }

export function historyOf(fleet: {
  nodes: number
  sites: number | readonly string[]
  seed: string
  gateways?: number
}): History[] {
  const sites = typeof fleet.sites === 'number' ? placeNames(fleet.sites) : fleet.sites
  const people = populate(fleet.nodes, sites, fleet.seed, fleet.gateways)
  const members = people.filter(({ role }) => role === 'member')
  const waves = new Map(members.map((who) => [who, tunnelWaves(fleet.seed, who)]))
  const ratesAt = (who: Inhabitant, seconds: number) => {
    if (who.role === 'member') {
      const own = waves.get(who)
      return { rx: own?.down.at(seconds) ?? 0, tx: own?.up.at(seconds) ?? 0 }
    }
    if (who !== people[0]) return { rx: 0, tx: 0 }
    // What the gateway that carries all receives is what all members send.
    let [rx, tx] = [0, 0]
    for (const { up, down } of waves.values()) {
      rx += up.at(seconds)
      tx += down.at(seconds)
    }
    return { rx, tx }
  }
  return people.map((who) => {
    const machine = new SimulatedMachine(fleet.seed, who, 0)
    return { name: who.name, at: (seconds) => ({ ...machine.measures(seconds), ...ratesAt(who, seconds) }) }
  })
}
