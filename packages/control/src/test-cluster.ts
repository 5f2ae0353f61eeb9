/** A cluster as reports would have left it, written by SQL: a server that runs and is Ready, and agents that are. */
import { randomUUID } from 'node:crypto'
import { type ClusterSettings, defaultClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import type { Db } from './db.ts'

export const TEST_CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

type Given = {
  readonly network: string
  readonly server: string
  readonly agents: readonly string[]
  readonly at: Date
  readonly settings?: Partial<ClusterSettings>
}

export async function testCluster(db: Db, { network, server, agents, at, settings }: Given): Promise<string> {
  const id = randomUUID()
  const all = { ...defaultClusterSettings('k3s', { kind: 'version', version: 'v1.33.4+k3s1' }), ...settings }
  await db.pool.query(
    'INSERT INTO clusters (id, network_id, name, settings, server_token, ca_pem) VALUES ($1, $2, $3, $4, $5, $6)',
    [id, network, all.name, JSON.stringify(all), Buffer.from('sealed'), TEST_CA],
  )
  for (const [i, nodeId] of [server, ...agents].entries()) {
    const said = {
      service: 'active',
      version: 'v1.33.4+k3s1',
      applied: 'a'.repeat(64),
      subnet4: `10.42.${i}.0/24`,
      subnet6: null,
      mtu: 1420,
      failure: null,
      certificateUntil: at.getTime() + 300 * 86_400_000,
    }
    await db.pool.query(
      `INSERT INTO cluster_nodes (node_id, cluster_id, role, first, kubernetes_name, pod_cidr4, said, said_at, seen, seen_at, seen_by)
       SELECT n.id, $2, $3::cluster_node_role, $4, n.name, $5, $6, $7::timestamptz,
              json_build_object('name', n.name, 'ready', 'True', 'reason', 'KubeletReady', 'since', $8::float8, 'heartbeatAt', $8::float8,
                'internalIps', json_build_array(host(w.cidr4::cidr::inet + n.ordinal)), 'podRanges', json_build_array($5::text),
                'version', 'v1.33.4+k3s1', 'isControlPlane', $4::boolean, 'isUnschedulable', false,
                'podAnsweredAt', to_json($7::timestamptz), 'podRttMs', 3.5), $7, $9
         FROM nodes n JOIN networks w ON w.id = n.network_id WHERE n.id = $1`,
      [
        nodeId,
        id,
        i === 0 ? 'server' : 'agent',
        i === 0,
        said.subnet4,
        JSON.stringify(said),
        at,
        at.getTime() - 3_600_000,
        server,
      ],
    )
  }
  return id
}
