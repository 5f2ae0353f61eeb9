/** A network as machines are told of it: its rows and the plan made of them. */
import type { PlanDevice } from '@spanwire/mesh/paths/network-input'
import { type NetworkPlan, plan } from '@spanwire/mesh/paths/plan'
import { type Extras, NO_EXTRAS, type PolicyExtras } from '@spanwire/mesh/protocol/render-bundle'
import { type NetworkAccess, readNetworkAccess } from '../policy/network-access.ts'
import { addPolicyExtras, sameExtras } from '../policy/policy-extras.ts'
import {
  type MachineNode,
  type MachinePair,
  type NetworkHead,
  readMachineDevices,
  readMachineNodes,
  readMachinePairs,
  readNetworkHead,
} from './network-rows.ts'
import type { Sql } from './sql.ts'

export type Mirrored = NetworkHead & {
  readonly nodes: ReadonlyMap<string, MachineNode>
  readonly plan: NetworkPlan
  /** Who talks with whom; none but in a mesh. */
  readonly pairs: readonly MachinePair[]
  /** What a node is to have beside its tunnels; no entry for nothing. */
  readonly extras: ReadonlyMap<string, Extras>
  /** Null where everything inside is allowed. */
  readonly access: NetworkAccess | null
}

export const extrasOf = (network: Mirrored, nodeId: string): Extras => network.extras.get(nodeId) ?? NO_EXTRAS

export type ReadExtras = (sql: Sql, network: NetworkPlan) => Promise<ReadonlyMap<string, Extras>>

/**
 * Only what changed since `before`, everything where there is none or it is of another epoch. Null when the network is gone.
 * A row that did not change stays the object that it was in `known`, by which the fingerprints know it.
 */
export async function readMirrored(
  sql: Sql,
  networkId: string,
  before: Mirrored | undefined,
  known: Mirrored | undefined,
  readExtras: ReadExtras,
  accessPart: PolicyExtras['part'],
): Promise<Mirrored | null> {
  // The head first: the nodes are then at least as new as the revision that they are told with.
  const head = await readNetworkHead(sql, networkId)
  if (!head) return null
  const follows = before && before.epoch === head.epoch && before.revision <= head.revision
  if (follows && before.revision === head.revision) return before
  const changed = await readMachineNodes(sql, networkId, follows ? before.revision : 0)
  const nodes = new Map(follows ? before.nodes : undefined)
  for (const node of changed) nodes.set(node.id, sameRow(known?.nodes.get(node.id), node))
  if (follows) await dropRemoved(sql, networkId, nodes)
  const pairs = await readPairs(sql, head, follows ? before : undefined, changed, nodes)
  const devices = (await readMachineDevices(sql, networkId)).map((device) => sameDevice(known?.plan.devices, device))
  const network = planned(head, nodes, devices, pairs, known?.plan ?? null)
  const extras = new Map(await readExtras(sql, network))
  const access = await readNetworkAccess(sql, head, network, known?.access ?? null)
  if (access) addPolicyExtras(extras, head, network, access, accessPart)
  for (const [id, now] of extras) {
    const old = known?.extras.get(id)
    if (old && sameExtras(old, now)) extras.set(id, old)
  }
  return { ...head, nodes, pairs, plan: network, extras, access }
}

/** A pair that comes or goes is a change of its nodes: those of the others are as they were. */
async function readPairs(
  sql: Sql,
  { settings, topology }: NetworkHead,
  before: Mirrored | undefined,
  changed: readonly MachineNode[],
  nodes: ReadonlyMap<string, MachineNode>,
): Promise<readonly MachinePair[]> {
  if (topology !== 'mesh') return []
  if (before?.topology !== 'mesh') return readMachinePairs(sql, settings.id, null)
  const ids = new Set(changed.map(({ id }) => id))
  const kept = before.pairs.filter(({ a, b }) => !ids.has(a) && !ids.has(b) && nodes.has(a) && nodes.has(b))
  return ids.size === 0 ? kept : [...kept, ...(await readMachinePairs(sql, settings.id, [...ids]))]
}

/** The row itself stays what the plan holds: by it the fingerprints know that nothing changed. */
function planned(
  { settings, clusterRanges, refusedRanges, topology, directCap }: NetworkHead,
  nodes: ReadonlyMap<string, MachineNode>,
  devices: readonly PlanDevice[],
  pairs: readonly MachinePair[],
  before: NetworkPlan | null,
): NetworkPlan {
  const all = { clusterRanges, refusedRanges, topology, directCap, pairs, devices }
  return plan({ ...settings, ...all, nodes: nodes.values() }, before)
}

const sameDevice = (known: readonly PlanDevice[] | undefined, read: PlanDevice): PlanDevice =>
  known?.find((device) => JSON.stringify(device) === JSON.stringify(read)) ?? read

async function dropRemoved(sql: Sql, networkId: string, nodes: Map<string, MachineNode>): Promise<void> {
  const [row] = await sql.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM nodes WHERE network_id = $1 AND ordinal IS NOT NULL',
    [networkId],
  )
  if (row?.count === nodes.size) return
  const rows = await sql.query<{ id: string }>('SELECT id FROM nodes WHERE network_id = $1 AND ordinal IS NOT NULL', [
    networkId,
  ])
  const left = new Set(rows.map(({ id }) => id))
  for (const id of nodes.keys()) if (!left.has(id)) nodes.delete(id)
}

function sameRow(known: MachineNode | undefined, read: MachineNode): MachineNode {
  const isSame = known && (Object.keys(read) as (keyof MachineNode)[]).every((key) => isEqual(known[key], read[key]))
  return isSame ? known : read
}

const isEqual = (a: MachineNode[keyof MachineNode], b: MachineNode[keyof MachineNode]): boolean =>
  a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b))
