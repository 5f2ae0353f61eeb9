/**
 * What each node registered with, noted once its k3s runs, and forgotten when its k3s is off the machine: it would register anew.
 */
import type { MachineDeps } from '../machine/machine-deps.ts'
import { bumpRevision } from '../machine/machine-revision.ts'
import { inSqlTransaction, type Sql } from '../machine/sql.ts'
import { type Labelling, wantedPlacement } from './placing.ts'
import { type MemberRecord, readCluster } from './read-cluster.ts'
import { wantedHashes } from './wanted-hashes.ts'

export async function noteRegistrations(deps: MachineDeps, networkId: string): Promise<void> {
  const due = async () => (await readCluster(deps, null, networkId))?.members.filter(isDue) ?? []
  if ((await due()).length === 0) return
  await inSqlTransaction(deps.db.pool, async (sql) => {
    await sql.query('SELECT 1 FROM networks WHERE id = $1 FOR NO KEY UPDATE', [networkId])
    const members = await due()
    const hashes = await wantedHashes(sql, deps.seal, networkId)
    for (const member of members) await note(sql, deps, member, hashes.get(member.nodeId))
    // Who forgets what it registered with gets files with what is wanted.
    if (members.some(isGone)) await bumpRevision(sql, networkId)
  })
}

const isDue = (member: MemberRecord): boolean => isNew(member) || isGone(member) || isAnew(member)
const isNew = ({ said, registered }: MemberRecord): boolean => said?.applied != null && registered === null
const isGone = ({ said, registered }: MemberRecord): boolean =>
  said?.applied === null && said.service === 'absent' && registered !== null
/** Its Kubernetes node was deleted by hand: k3s registers it again with what its file says. */
const isAnew = ({ seen, labelling }: MemberRecord): boolean => seen === null && labelling?.state === 'done'

async function note(sql: Sql, deps: MachineDeps, member: MemberRecord, hash: string | undefined): Promise<void> {
  const registered = isNew(member) ? wantedPlacement(member) : isGone(member) ? null : member.registered
  // Its labels were changed while its first start was under way, so nobody knows which it took: all are set once more.
  const isUnsure = isNew(member) && member.said?.applied !== hash
  const labelling: Labelling | null = isUnsure
    ? {
        given: { labels: {}, taints: [] },
        asked: null,
        state: 'waiting',
        text: 'its labels changed while it joined',
        at: deps.now().toISOString(),
      }
    : null
  await sql.query('UPDATE cluster_nodes SET registered = $2, labelling = $3 WHERE node_id = $1', [
    member.nodeId,
    registered && JSON.stringify(registered),
    labelling && JSON.stringify(labelling),
  ])
}
