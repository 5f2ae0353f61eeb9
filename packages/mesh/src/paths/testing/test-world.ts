/** Machines that have applied their bundles, and packets between them: through tables, AllowedIPs of both ends, and tunnels that are cut or not. */

import { goldenServer } from '../../protocol/golden-network.ts'
import { goldenPart } from '../../protocol/golden-paths.ts'
import { renderBundle } from '../../protocol/render-bundle.ts'
import { nodeView } from '../node-view.ts'
import { type NetworkPlan, plan } from '../plan.ts'
import { matchLength } from './in-range.ts'
import type { Rows } from './random-rows.ts'
import { readMachine, type TestInterface, type TestMachine, type TestPeer } from './read-machine.ts'
import { type Lookup, routeTables } from './route-tables.ts'

/** The other end of a tunnel. */
export type FarEnd = { readonly id: string; readonly interfaceName: string; readonly publicKey: string }

export type TestWorld = {
  readonly network: NetworkPlan
  readonly machines: ReadonlyMap<string, TestMachine>
  /** Null when nobody is there who would take the call. */
  farEnd(id: string, interfaceName: string, publicKey: string): FarEnd | null
}

export type Journey = {
  readonly arrives: boolean
  /** Ids, the sender first. */
  readonly through: readonly string[]
  readonly interfaces: readonly string[]
  readonly end: string
}

/** Whether a machine holds a tunnel of its own for alive, or a tunnel carries. */
export type Belief = (id: string, interfaceName: string, publicKey: string) => boolean

export function testWorld(rows: Rows, network = plan(rows)): TestWorld {
  const machines = new Map(
    rows.nodes.flatMap(({ id }): [string, TestMachine][] => {
      const view = nodeView(network, id)
      if (!view) return []
      const files = renderBundle(view, goldenServer, META, () => HASH, goldenPart)
      return [[id, readMachine(files)]]
    }),
  )
  const rowOf = new Map(rows.nodes.map((row) => [row.id, row]))
  const keyOf = (id: string, { key }: TestInterface) =>
    (key === 'direct' ? rowOf.get(id)?.directKey : rowOf.get(id)?.publicKey) ?? null
  const owners = new Map(
    rows.nodes.flatMap(({ id, publicKey, directKey }) => [publicKey, directKey].map((key) => [key, id] as const)),
  )
  function farEnd(id: string, interfaceName: string, publicKey: string): FarEnd | null {
    const near = machines.get(id)?.interfaces.get(interfaceName)
    const peer = near?.peers.get(publicKey)
    const own = near && keyOf(id, near)
    const otherId = owners.get(publicKey)
    if (!near || !peer || !own || !otherId) return null
    for (const far of machines.get(otherId)?.interfaces.values() ?? []) {
      const back = far.peers.get(own)
      if (!back || keyOf(otherId, far) !== publicKey || !portsFit(near, peer, far, back)) continue
      return { id: otherId, interfaceName: far.name, publicKey: own }
    }
    return null
  }
  return { network, machines, farEnd }
}

const HASH = 'a'.repeat(64)
const META = { epoch: 1, revision: 1, tombstone: null }

/** Who calls a port calls the interface that listens there. On direct interfaces both try addresses in turn. */
function portsFit(near: TestInterface, to: TestPeer, far: TestInterface, back: TestPeer): boolean {
  if (near.key === 'direct' && far.key === 'direct') return true
  if (to.port === null && back.port === null) return false
  return (to.port === null || to.port === far.listenPort) && (back.port === null || back.port === near.listenPort)
}

/** Follows one packet. More steps than there are machines is a loop, and throws. */
export function follow(
  world: TestWorld,
  lookups: ReadonlyMap<string, Lookup>,
  from: string,
  source: string,
  destination: string,
  carries: Belief,
): Journey {
  const through = [from]
  const interfaces: string[] = []
  const stop = (end: string): Journey => ({ arrives: false, through, interfaces, end })
  let cameBy: string | null = null
  for (let at = from; ; ) {
    const machine = world.machines.get(at)
    if (!machine || interfaces.length > world.machines.size) throw new Error(`a loop: ${through.join(' → ')}`)
    if (isOwn(machine, destination)) return { arrives: true, through, interfaces, end: 'there' }
    const out = lookups.get(at)?.(destination, cameBy) ?? null
    if (out === null) return stop(`${machine.name} has no route`)
    const peer = ownerOf(machine, out, destination)
    if (!peer) return stop(`${machine.name} has nobody for it on ${out}`)
    interfaces.push(out)
    const far = world.farEnd(at, out, peer.publicKey)
    if (!far || !carries(at, out, peer.publicKey)) return stop(`${machine.name}'s tunnel ${out} is cut`)
    through.push(far.id)
    const there = world.machines.get(far.id)
    if (!there || ownerOf(there, far.interfaceName, source)?.publicKey !== far.publicKey)
      return stop(`${there?.name} does not take the source by ${far.interfaceName}`)
    ;[at, cameBy] = [far.id, far.interfaceName]
  }
}

export function lookupsOf(world: TestWorld, believes: Belief): Map<string, Lookup> {
  const pods = new Map([...world.machines].map(([id, { settings }]) => [id, podsOf(settings)]))
  return new Map(
    [...world.machines].map(([id, machine]) => {
      const others = [...pods].flatMap(([other, ranges]) => (other === id ? [] : ranges))
      const seen = (pods.get(id) ?? []).length > 0 ? others : []
      return [id, routeTables(machine, seen, (name, key) => believes(id, name, key))]
    }),
  )
}

/** Of its own ranges those inside of the cluster's. */
function podsOf(settings: TestMachine['settings']): string[] {
  const cluster = settings.get('pods') ?? []
  return (settings.get('own') ?? []).filter((own) =>
    cluster.some((range) => matchLength(own.split('/')[0] ?? '', range) >= 0),
  )
}

/** What cryptokey routing does with an address, in both directions. */
function ownerOf(machine: TestMachine, interfaceName: string, address: string): TestPeer | null {
  let best: TestPeer | null = null
  let length = -1
  for (const peer of machine.interfaces.get(interfaceName)?.peers.values() ?? [])
    for (const range of peer.allowedIps) {
      const match = matchLength(address, range)
      if (match > length) [best, length] = [peer, match]
    }
  return best
}

function isOwn(machine: TestMachine, address: string): boolean {
  if (machine.addresses.some(({ cidr }) => cidr.split('/')[0] === address)) return true
  return (machine.settings.get('own') ?? []).some((range) => matchLength(address, range) >= 0)
}
