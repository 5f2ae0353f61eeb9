/** The rows of a network that machines are told of, read in one form by whoever needs them. */
import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import type { NetworkSettings, PlanDevice, PlanNode } from '@spanwire/mesh/paths/network-input'
import type { Sql } from './sql.ts'

export type NetworkHead = {
  readonly settings: NetworkSettings
  readonly organizationId: string
  readonly epoch: number
  readonly revision: number
  readonly topology: 'hub' | 'sites' | 'mesh'
  /** How many direct peers a node has at most. */
  readonly directCap: number
  /** Of the cluster, when its pods travel in our tunnels as they are. */
  readonly clusterRanges: readonly string[]
  /** Of pods and services, however they travel. */
  readonly refusedRanges: readonly string[]
  /** The version of the policy that holds. */
  readonly policyNumber: number | null
  readonly trial: RunningTrial | null
}

/** A version of the policy that is on trial. */
export type RunningTrial = {
  readonly id: string
  readonly number: number
  /** After so many a node returns by itself: later than the server would have it. */
  readonly seconds: number
  /** Nodes that were well when it began. */
  readonly watched: readonly string[]
}

/** A node that hears nothing any more returns 15 s after the server has given up, when an answer could still be on its way. */
const TRIAL_SECONDS = "date_part('epoch', deadline_at - started_at)::int + 15"

export type MachineNode = PlanNode & {
  /** hex */
  readonly credentialHash: string | null
  readonly machine: string | null
  /** the instance that is kept out while two machines use one credential */
  readonly heldOff: string | null
  /** A gateway that was drained, and carries nobody. */
  readonly isDrained: boolean
}

export async function readNetworkHead(sql: Sql, networkId: string, lock = false): Promise<NetworkHead | null> {
  const [row] = await sql.query<{
    id: string
    organization_id: string
    name: string
    cidr4: string
    cidr6: string
    interface_name: string
    listen_port: number
    mtu: number
    keepalive_seconds: number
    epoch: number
    revision: string
    settings: ClusterRanges | null
    policy_number: number | null
    topology: NetworkHead['topology']
    direct_cap: number
    trial: RunningTrial | null
  }>(
    `SELECT id, organization_id, name, cidr4, cidr6, interface_name, listen_port, mtu, keepalive_seconds, epoch, revision,
            topology, direct_cap, (SELECT settings FROM clusters WHERE network_id = networks.id) AS settings, policy_number,
            (SELECT json_build_object('id', id, 'number', number, 'seconds', ${TRIAL_SECONDS}, 'watched',
                                      (SELECT coalesce(json_agg(w->>'id'), '[]') FROM jsonb_array_elements(watched) w))
               FROM policy_trials WHERE network_id = networks.id AND state = 'running') AS trial
       FROM networks WHERE id = $1 ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    [networkId],
  )
  if (!row) return null
  return {
    organizationId: row.organization_id,
    epoch: row.epoch,
    // bigint comes as text; a revision fits a double for the next 9e15 changes.
    revision: Number(row.revision),
    policyNumber: row.policy_number,
    topology: row.topology,
    directCap: row.direct_cap,
    trial: row.trial,
    clusterRanges: row.settings?.flannelBackend === 'host-gw' ? podRanges(row.settings) : [],
    refusedRanges: row.settings ? [...podRanges(row.settings), ...serviceRanges(row.settings)] : [],
    settings: {
      id: row.id,
      name: row.name,
      cidr4: row.cidr4,
      cidr6: row.cidr6,
      interfaceName: row.interface_name,
      listenPort: row.listen_port,
      mtu: row.mtu,
      keepaliveSeconds: row.keepalive_seconds,
    },
  }
}

type ClusterRanges = Pick<
  ClusterSettings,
  'podRange4' | 'podRange6' | 'serviceRange4' | 'serviceRange6' | 'flannelBackend'
>

const podRanges = ({ podRange4, podRange6 }: ClusterRanges): string[] =>
  [podRange4, podRange6].filter((text) => text !== null)
const serviceRanges = ({ serviceRange4, serviceRange6 }: ClusterRanges): string[] =>
  [serviceRange4, serviceRange6].filter((text) => text !== null)

/** The nodes that have joined and changed at `since` or later; all of them at 0. */
export async function readMachineNodes(sql: Sql, networkId: string, since: number): Promise<MachineNode[]> {
  const rows = await sql.query<{
    id: string
    name: string
    role: MachineNode['role']
    state: MachineNode['state']
    ordinal: number | null
    public_key: string | null
    endpoint: string | null
    credential_hash: Buffer | null
    machine: string | null
    held_off: string | null
    pod_ranges: string | null
    site_id: string | null
    gateway_number: number | null
    slot_a: string | null
    slot_b: string | null
    slot_first: 'a' | 'b' | null
    draining: boolean
    is_drained: boolean
    direct_key: string | null
    direct_port: number | null
    lan_addresses: string[]
    observed: { gatewayId: string; endpoint: string }[] | null
    routes: string[] | null
  }>(
    `SELECT id, name, nodes.role::text, state::text, ordinal, public_key, endpoint, credential_hash, machine, held_off,
            nullif(concat_ws(' ', pod_cidr4, pod_cidr6), '') AS pod_ranges, site_id, gateway_number, slot_a, slot_b, slot_first,
            draining, drained_at IS NOT NULL AS is_drained, direct_key, direct_port, lan_addresses,
            (SELECT json_agg(json_build_object('gatewayId', gateway_id, 'endpoint', o.endpoint) ORDER BY gateway_id)
               FROM observed_endpoints o WHERE o.node_id = nodes.id) AS observed,
            (SELECT array_agg(prefix ORDER BY prefix) FROM node_routes r
              WHERE r.node_id = nodes.id AND r.state = 'approved') AS routes
       FROM nodes LEFT JOIN cluster_nodes c ON c.node_id = nodes.id
      WHERE network_id = $1 AND ordinal IS NOT NULL AND changed_revision >= $2`,
    [networkId, since],
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    state: row.state,
    ordinal: row.ordinal,
    publicKey: row.public_key,
    endpoint: row.endpoint,
    credentialHash: row.credential_hash?.toString('hex') ?? null,
    machine: row.machine,
    heldOff: row.held_off,
    podRanges: row.pod_ranges?.split(' ') ?? [],
    siteId: row.site_id,
    gatewayNumber: row.gateway_number,
    slots: row.slot_first === null ? null : { a: row.slot_a, b: row.slot_b, first: row.slot_first },
    draining: row.draining,
    isDrained: row.is_drained,
    directKey: row.direct_key,
    directPort: row.direct_port,
    lanAddresses: row.lan_addresses,
    observed: row.observed ?? [],
    routes: row.routes ?? [],
  }))
}

/** Of two nodes that are to have a direct path, the lower id first. */
export type MachinePair = { readonly a: string; readonly b: string }

/** Those of these nodes; of all nodes without a list. */
export async function readMachinePairs(
  sql: Sql,
  networkId: string,
  nodes: readonly string[] | null,
): Promise<MachinePair[]> {
  return sql.query<MachinePair>(
    `SELECT a_id a, b_id b FROM direct_pairs
      WHERE network_id = $1 AND ($2::uuid[] IS NULL OR a_id = ANY($2::uuid[]) OR b_id = ANY($2::uuid[])) ORDER BY a_id, b_id`,
    [networkId, nodes],
  )
}

/** Those that may come in. */
export async function readMachineDevices(sql: Sql, networkId: string): Promise<PlanDevice[]> {
  return sql.query<PlanDevice>(
    `SELECT id, name, ordinal, public_key "publicKey" FROM devices
      WHERE network_id = $1 AND revoked_at IS NULL ORDER BY ordinal`,
    [networkId],
  )
}
