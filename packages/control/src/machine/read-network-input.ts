/** For verbs: all that the plan of a network is made of, as it is at this moment. */
import type { NetworkInput, PlanDevice } from '@spanwire/mesh/paths/network-input'
import {
  type MachineNode,
  type NetworkHead,
  readMachineDevices,
  readMachineNodes,
  readMachinePairs,
  readNetworkHead,
} from './network-rows.ts'
import type { Sql } from './sql.ts'

export type ReadNetwork = {
  readonly head: NetworkHead
  readonly input: NetworkInput & { readonly nodes: readonly MachineNode[]; readonly devices: readonly PlanDevice[] }
}

/** Null where there is no such network. */
export async function readNetworkInput(sql: Sql, networkId: string): Promise<ReadNetwork | null> {
  const head = await readNetworkHead(sql, networkId)
  if (!head) return null
  const nodes = await readMachineNodes(sql, networkId, 0)
  const devices = await readMachineDevices(sql, networkId)
  const { settings, clusterRanges, refusedRanges, topology, directCap } = head
  const pairs = topology === 'mesh' ? await readMachinePairs(sql, networkId, null) : []
  return { head, input: { ...settings, clusterRanges, refusedRanges, topology, directCap, pairs, nodes, devices } }
}
