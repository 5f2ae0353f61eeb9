import { iso } from '../iso.ts'
import { addressesOf } from './addresses-of.ts'
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
    tags: node.tags,
    endpoint: node.endpoint,
    draining: node.draining,
    drainedAt: iso(node.drainedAt),
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
  const pendingSince = current ? null : iso(node.behindSince)
  return { desired: current ? applied : node.revision, applied, epochApplied, current, pendingSince }
}

const used = (free: number | null, total: number | null): number | null => {
  const share = part(free, total)
  return share === null ? null : 1 - share
}
