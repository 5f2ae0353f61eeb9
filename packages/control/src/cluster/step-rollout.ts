/** The next move of a change on its way, when there is one: under the lock, so that never two nodes are told at once. */
import type { MachineDeps } from '../machine/machine-deps.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import { recordEvents } from '../machine/record-events.ts'
import { inSqlTransaction, type Sql, sqlOn } from '../machine/sql.ts'
import { type ClusterRecord, readCluster } from './read-cluster.ts'
import { moveOf, type Rollout } from './rollout-record.ts'
import { wantedHashes } from './wanted-hashes.ts'

export async function stepRollout(deps: MachineDeps, networkId: string): Promise<void> {
  const look = async () => {
    const found = await readCluster(deps, null, networkId)
    const rollout = found?.cluster.rollout
    if (!found || !rollout || rollout.stopped) return null
    const hashes = await wantedHashes(sqlOn(deps.db.pool), deps.seal, networkId)
    const move = moveOf(rollout, found.members, hashes, deps.now().getTime())
    return move.do === 'wait' ? null : { cluster: found.cluster, rollout, move }
  }
  if (!(await look())) return
  await inSqlTransaction(deps.db.pool, async (sql) => {
    await sql.query('SELECT 1 FROM networks WHERE id = $1 FOR NO KEY UPDATE', [networkId])
    const found = await look()
    if (!found) return
    const { cluster, rollout, move } = found
    switch (move.do) {
      case 'apply': {
        const now = deps.now().getTime()
        const steps = rollout.steps.map((step) => (step.nodeId === move.nodeId ? { ...step, toldAt: now } : step))
        await write(sql, cluster, { ...rollout, steps })
        await bumpRevision(sql, networkId)
        return
      }
      case 'stop': {
        const { nodeId, sentence, fix } = move
        await write(sql, cluster, { ...rollout, stopped: { nodeId, sentence, fix } })
        return tell(sql, deps, cluster, 'cluster.rollout-stopped', { sentence, untouched: move.untouched })
      }
      case 'done':
        await write(sql, cluster, null)
        return tell(sql, deps, cluster, 'cluster.rollout-done', { nodes: rollout.steps.map(({ name }) => name) })
    }
  })
}

async function write(sql: Sql, cluster: ClusterRecord, rollout: Rollout | null): Promise<void> {
  await sql.query('UPDATE clusters SET rollout = $2 WHERE id = $1', [cluster.id, rollout && JSON.stringify(rollout)])
}

async function tell(
  sql: Sql,
  deps: MachineDeps,
  { networkId, organizationId, settings }: ClusterRecord,
  action: string,
  after: Record<string, unknown>,
): Promise<void> {
  await recordEvents(sql, deps, [
    {
      organizationId,
      networkId,
      actor: { kind: 'system', name: 'spanwire' },
      action,
      subject: { kind: 'network', id: networkId, name: settings.name },
      after,
    },
  ])
}
