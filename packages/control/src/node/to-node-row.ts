import { invariant } from '@spanwire/mesh/invariant'
import { formatAddress } from '@spanwire/mesh/ip/address'
import { nodeV4, nodeV6 } from '@spanwire/mesh/ip/address-plan'
import { parsePrefix } from '@spanwire/mesh/ip/prefix'
import { iso } from '../iso.ts'
import { type JudgedNode, part } from './judge-node.ts'
import type { NodeRow } from './node-row.ts'
import type { NodeRecord } from './read-nodes.ts'

export function toNodeRow(node: NodeRecord, { facts, isReporting }: JudgedNode): NodeRow {
  // What a machine did when it was last heard is no measure of what it does.
  const present = <T>(value: T): T | null => (isReporting ? value : null)
  return {
    id: node.id,
    networkId: node.networkId,
    name: node.name,
    role: node.role,
    state: node.state,
    siteId: node.siteId,
    siteName: node.siteName,
    labels: node.labels,
    endpoint: node.endpoint,
    ...addressesOf(node),
    facts,
    cpu: present(node.cpu),
    load1: present(node.load1),
    memoryUsed: present(used(node.memoryFreeKb, node.memoryTotalKb)),
    diskUsed: present(used(node.diskFreeKb, node.diskTotalKb)),
    rxRate: present(node.rxRate),
    txRate: present(node.txRate),
    reportedAt: iso(node.reportedAt),
    scriptVersion: node.scriptVersion,
    kernel: node.kernel,
    os: node.os,
    wireguard: node.wireguard,
    revision: revisionOf(node, isReporting),
    createdAt: iso(node.createdAt),
    enrolledAt: iso(node.enrolledAt),
  }
}

/** A change that the node cannot see leaves its configuration current, whatever its number. Of a silent node only the numbers speak. */
function revisionOf(node: NodeRecord, isReporting: boolean): NodeRow['revision'] {
  const { appliedRevision: applied, appliedEpoch: epochApplied } = node
  const isSameEpoch = applied !== null && epochApplied === node.epoch
  const current = isSameEpoch && (applied === node.revision || (isReporting && node.behindSince === null))
  return { desired: current ? applied : node.revision, applied, epochApplied, current }
}

export function addressesOf(node: { ordinal: number | null; cidr4: string; cidr6: string }): {
  address4: string | null
  address6: string | null
} {
  if (node.ordinal === null) return { address4: null, address6: null }
  const overlay = parsePrefix(node.cidr4)
  const ula = parsePrefix(node.cidr6)
  invariant(overlay.ok && ula.ok, 'the ranges of a network are CHECKed in SQL')
  return {
    address4: formatAddress(nodeV4(overlay.value, node.ordinal)),
    address6: formatAddress(nodeV6(ula.value, node.ordinal)),
  }
}

const used = (free: number | null, total: number | null): number | null => {
  const share = part(free, total)
  return share === null ? null : 1 - share
}
