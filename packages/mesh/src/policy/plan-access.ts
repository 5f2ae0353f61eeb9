/**
 * What a policy means for a network at this moment: its rules as sets of addresses and ports. One deterministic function; `before` only
 * saves work: with it or without it the same comes out. Tables of nodes, answers to "can A reach B", the preview of a change and the tests
 * of a policy are renderings of it.
 *
 *   policy text ── readPolicy ──┐
 *   rows ── World ──────────────┴─ planAccess ─┬─ nodeTable ── renderAccess     one file for each node
 *                                              ├─ reaches, explain, runTests
 *                                              └─ diffPolicies, reachMatrix, clusterWarnings
 */
import { type AddressSet, unite, uniteAll } from './address-set.ts'
import { type Directory, directoryOf } from './directory.ts'
import { type Hits, hitsOf } from './hits.ts'
import type { NodeTable } from './node-table.ts'
import { type Part, partsOf, type Unions } from './parts.ts'
import type { Policy } from './policy.ts'
import type { World } from './world.ts'

export type AccessPlan = {
  readonly policy: Policy
  readonly directory: Directory
  readonly parts: readonly Part[]
  /** What a node judges: its own addresses, those of its pods, and at the carrier those of devices. */
  readonly own: ReadonlyMap<string, AddressSet>
  /** By node the parts that speak of it, as places in `parts`. */
  readonly hits: ReadonlyMap<string, Hits>
  /** The gateway that carries, and so judges for devices. */
  readonly carrier: string | null
  readonly gateways: readonly string[]
  readonly unions: Unions
  /** Made when asked for, and kept from plan to plan. */
  readonly tables: Map<string, NodeTable>
}

export function planAccess(policy: Policy, world: World, before: AccessPlan | null = null): AccessPlan {
  const last = before?.policy === policy ? before : null
  const directory = directoryOf(policy, world, last?.directory ?? null)
  const { parts, unions } = partsOf(policy, directory, last?.unions ?? new Map())
  const own = ownOf(directory, world.carrier, last)
  // An address belongs to one machine: what others get or lose does not change what a node is asked for. So only those are looked at
  // anew that changed themselves, as long as the parts are the same ones.
  const keep = new Set(
    last && sameShape(last.parts, parts) ? [...own.keys()].filter((id) => last.own.get(id) === own.get(id)) : [],
  )
  const found = hitsOf(
    parts,
    [...own].filter(([id]) => !keep.has(id)),
  )
  const hits = new Map([...own.keys()].map((id) => [id, (keep.has(id) ? last?.hits.get(id) : found.get(id)) ?? []]))
  const tables = new Map([...(last?.tables ?? [])].filter(([id]) => keep.has(id)))
  return { policy, directory, parts, own, hits, carrier: world.carrier, gateways: world.gateways ?? [], unions, tables }
}

function ownOf(directory: Directory, carrier: string | null, last: AccessPlan | null): ReadonlyMap<string, AddressSet> {
  const own = new Map<string, AddressSet>()
  const devices = [...directory.machines.values()].filter(({ kind }) => kind === 'device')
  for (const [id, machine] of directory.machines) {
    if (machine.kind !== 'node') continue
    const before = last?.directory.machines.get(id) === machine ? last.own.get(id) : undefined
    const isCarrier = id === carrier
    if (before && !isCarrier && id !== last?.carrier) own.set(id, before)
    else {
      const itself = unite(machine.addresses, machine.pods)
      own.set(id, isCarrier ? uniteAll([itself, ...devices.map(({ addresses }) => addresses)]) : { ...itself })
    }
  }
  return own
}

function sameShape(a: readonly Part[], b: readonly Part[]): boolean {
  return a.length === b.length && a.every((part, i) => part.key === b[i]?.key)
}
