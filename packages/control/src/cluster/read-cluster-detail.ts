/** A cluster as its page shows it: what is wanted, what each machine says, what Kubernetes says, and how the tunnels are meanwhile. */
import { createHash } from 'node:crypto'
import { caHash } from '@spanwire/mesh/cluster/ca-hash'
import { checkCluster } from '@spanwire/mesh/cluster/check-cluster'
import { clusterFailureFix } from '@spanwire/mesh/cluster/cluster-failure-fix'
import { certificateFact } from '@spanwire/mesh/cluster/cluster-health'
import type { JoinAction } from '@spanwire/mesh/cluster/join-plan'
import { invariant } from '@spanwire/mesh/invariant'
import type { Context } from '../context.ts'
import type { Network } from '../db.ts'
import { iso } from '../iso.ts'
import { sqlOn } from '../machine/sql.ts'
import { addressesOf } from '../node/addresses-of.ts'
import type { Fact } from '../node/fact.ts'
import { judgeNode } from '../node/judge-node.ts'
import { mergeLinks, tunnelsByNode } from '../node/merge-links.ts'
import { readLinks } from '../node/read-links.ts'
import { readNodes } from '../node/read-nodes.ts'
import { clusterContext } from './cluster-context.ts'
import { ClusterSettingsInput } from './cluster-input.ts'
import type { ClusterDetail, ClusterNodeRow } from './cluster-row.ts'
import { doing, isHeld, joinActions, readMints } from './joining.ts'
import { labellingRow } from './placing.ts'
import { preflightCounts } from './preflight-row.ts'
import { type MemberRecord, readCluster } from './read-cluster.ts'
import { type JudgedPreflight, readPreflights } from './read-preflights.ts'
import { removalRows } from './removal-rows.ts'
import { moveOf } from './rollout-record.ts'
import { rolloutRow } from './rollout-row.ts'
import { placeOfSite } from './site-place.ts'
import { wantedHashes } from './wanted-hashes.ts'

export async function readClusterDetail(ctx: Context, network: Network): Promise<ClusterDetail | null> {
  const found = await readCluster(ctx, network.organizationId, network.id)
  if (!found) return null
  const { cluster, members } = found
  const [nodes, links, mints, preflights, context, hashes] = await Promise.all([
    readNodes(ctx, network.organizationId, { network: network.id }),
    readLinks(ctx, network.organizationId, { network: network.id }),
    readMints(ctx, cluster.id),
    readPreflights({ db: ctx.db, serverUrl: ctx.server.url }, network.id),
    clusterContext(ctx, network),
    cluster.rollout ? wantedHashes(sqlOn(ctx.db.pool), ctx.seal, network.id) : new Map<string, string>(),
  ])
  const now = ctx.now().getTime()
  const names = new Map(nodes.map((node) => [node.id, node.name]))
  const nameOf = (id: string) => names.get(id) ?? id
  const tunnels = tunnelsByNode(mergeLinks(links, nameOf, now))
  const facts = new Map(nodes.map((node) => [node.id, judgeNode(node, tunnels.get(node.id) ?? [], now).facts.cluster]))
  const actions = joinActions(cluster, members, mints, preflights, now)
  return {
    id: cluster.id,
    networkId: network.id,
    settings: ClusterSettingsInput.parse(cluster.settings),
    hasDatastoreEndpoint: cluster.hasDatastore,
    made: cluster.hasServerToken,
    caSha256: caSha256(cluster.caPem),
    findings: checkCluster(cluster.settings, context),
    nodes: members.map((member) =>
      toRow(member, network, {
        action: actions.get(member.nodeId),
        fact: facts.get(member.nodeId),
        preflight: preflights.get(member.nodeId),
        nameOf,
        now,
      }),
    ),
    rollout: cluster.rollout && rolloutRow(cluster.rollout, moveOf(cluster.rollout, members, hashes, now)),
    createdAt: iso(cluster.createdAt),
  }
}

export async function readClusterNode(ctx: Context, network: Network, nodeId: string): Promise<ClusterNodeRow> {
  const detail = await readClusterDetail(ctx, network)
  const row = detail?.nodes.find((node) => node.nodeId === nodeId)
  invariant(row, 'it was in the cluster a moment ago')
  return row
}

type Known = {
  action: JoinAction | undefined
  fact: Fact | undefined
  preflight: JudgedPreflight | undefined
  nameOf(id: string): string
  now: number
}

function toRow(member: MemberRecord, network: Network, known: Known): ClusterNodeRow {
  const { action, fact, preflight, nameOf, now } = known
  const { said, seen } = member
  const { address4 } = addressesOf({ ordinal: member.ordinal, cidr4: network.cidr4, cidr6: network.cidr6 })
  return {
    nodeId: member.nodeId,
    nodeName: member.nodeName,
    role: member.role,
    first: member.first,
    kubernetesName: member.kubernetesName,
    labels: member.labels,
    taints: member.taints,
    ...placeOfSite(member),
    labelling: labellingRow(member),
    address4,
    doing: member.removal === null ? doing(action, nameOf) : 'leaves the cluster',
    status: fact?.status ?? 'none',
    text: fact?.text ?? 'not in Kubernetes yet',
    ready: seen === null ? null : seen.ready === 'True',
    reason: seen?.reason ?? null,
    since: iso(seen?.since ?? null),
    internalIp: seen?.internalIps[0] ?? null,
    addressFits: seen === null || address4 === null ? null : seen.internalIps.includes(address4),
    podRanges: [said?.subnet4 ?? member.podCidr4, said?.subnet6 ?? member.podCidr6].filter((range) => range !== null),
    podAnsweredAt: seen?.podAnsweredAt ?? null,
    podRttMs: seen?.podRttMs ?? null,
    version: seen?.version ?? said?.version ?? null,
    cordoned: seen?.isUnschedulable ?? false,
    service: said?.service ?? null,
    certificateUntil: iso(said?.certificateUntil ?? null),
    certificate: certificateOf(said?.certificateUntil ?? null, now),
    failure: failureOf(member) ?? heldBy(member, action, preflight),
    preflight: preflightCounts(preflight),
    saidAt: iso(member.saidAt),
    seenAt: iso(member.seenAt),
    removal: member.removal && removalRows(member.removal),
  }
}

function failureOf({ said }: MemberRecord): ClusterNodeRow['failure'] {
  const failure = said?.failure
  if (!failure) return null
  return {
    ...failure,
    fix: clusterFailureFix(failure.code),
    // A machine that was imaged anew under the same name: what the cluster remembers of the old one keeps it out.
    offers: failure.code === 'node-password' ? 'forget-password' : null,
  }
}

/** It has begun nothing, and begins nothing before that is put right. */
function heldBy(
  member: MemberRecord,
  action: JoinAction | undefined,
  preflight: JudgedPreflight | undefined,
): ClusterNodeRow['failure'] {
  const [first] = preflight?.held ?? []
  if (!first || !isHeld(member, action)) return null
  return {
    step: member.first ? 'k3s-installed' : 'api-reachable',
    code: first.code,
    text: first.sentence,
    fix: first.fix,
    offers: first.code === 'node-password' ? 'forget-password' : null,
  }
}

function certificateOf(until: number | null, now: number): ClusterNodeRow['certificate'] {
  if (until === null) return null
  const { status, text } = certificateFact(until, now)
  return { status, text }
}

function caSha256(pem: string | null): string | null {
  const hash = pem === null ? null : caHash(pem, (bytes) => createHash('sha256').update(bytes).digest('hex'))
  return hash?.ok ? hash.value : null
}
