/** What the verbs that change a node have in common: the revision when machines can see it, the hint, and the log. */
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { changes } from '../changes.ts'
import { wakeCluster } from '../cluster/wake-cluster.ts'
import type { Context } from '../context.ts'
import type { Node, Tx } from '../db.ts'
import { notify } from '../hints.ts'
import { siteCounts } from '../network/site-counts.ts'
import { wakePolicy } from '../policy/wake-policy.ts'

/** Labels are for people, and so are sites unless those of one site are direct or have a gateway of their own: no machine's configuration has them. Where there is a cluster, k3s is told the zone and region; where there is a policy, its rules may mean others. */
const SEEN_BY_MACHINES = ['name', 'role', 'endpoint', 'state', 'heldOff', 'draining']

export async function changeNode(
  tx: Tx,
  ctx: Context,
  organizationId: string,
  node: Node,
  action: string,
  changed: NonNullable<ReturnType<typeof changes<Record<string, unknown>>>>,
): Promise<void> {
  const isSeen =
    node.state !== 'invited' &&
    (SEEN_BY_MACHINES.some((field) => field in changed.data) ||
      ('siteId' in changed.data && (await siteCounts(tx, node.networkId))))
  const revision = isSeen ? { changedRevision: await bumpRevision(tx, node.networkId) } : {}
  if (!isSeen && 'siteId' in changed.data) await wakeCluster(tx, node.networkId)
  if (!isSeen && ('siteId' in changed.data || 'tags' in changed.data)) await wakePolicy(tx, node.networkId)
  const { name } = await tx.node.update({ where: { id: node.id }, data: { ...changed.data, ...revision } })
  await audit(tx, ctx, {
    action,
    network: node.networkId,
    subject: { kind: 'node', id: node.id, name },
    before: changed.before,
    after: changed.after,
  })
  await notify(tx, { kind: 'node', network: node.networkId, node: node.id, organization: organizationId })
}
