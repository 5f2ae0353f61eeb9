import { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import { changes } from '../changes.ts'
import type { Context } from '../context.ts'
import type { Node, Tx } from '../db.ts'
import { notify } from '../hints.ts'
import { giveMissingNumbers } from '../machine/give-missing-numbers.ts'
import { sqlIn } from '../machine/sql-in.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { lockSite } from './lock-site.ts'
import { readSiteRow } from './read-site-row.ts'
import { SiteRow } from './site-row.ts'

export const SetSiteGateways = z.object({
  id: z.uuid(),
  /** one or two, in order; none: as the network has them */
  gateways: z.array(z.uuid()).max(2, 'A site has two gateways at most.'),
})
export const SetSiteGatewaysOutput = SiteRow

/** Its nodes are moved to them one step after the other, each when the next tunnel is proven; nothing is cut. */
export async function setSiteGateways(ctx: Context, input: z.infer<typeof SetSiteGateways>): Promise<SiteRow> {
  const { organizationId } = requireRole(ctx, 'operator')
  await inTransaction(ctx, async (tx) => {
    const { site, network } = await lockSite(tx, organizationId, input.id)
    const [first = null, second = null] = input.gateways
    if (first !== null && first === second) {
      throw new Refusal('BAD_REQUEST', 'The gateway that stands in has to be another one.', { field: 'gateways' })
    }
    const named = await gatewaysNamed(tx, network.id, [site.firstGatewayId, site.secondGatewayId, first, second])
    for (const id of input.gateways) acceptGateway(named.get(id))
    const changed = changes(site, { firstGatewayId: first, secondGatewayId: second })
    if (!changed) return
    await giveMissingNumbers(sqlIn(tx), network.id)
    await bumpRevision(tx, network.id)
    await tx.site.update({ where: { id: site.id }, data: changed.data })
    const names = (ids: (string | null)[]) => ids.flatMap((id) => (id === null ? [] : (named.get(id)?.name ?? [])))
    await audit(tx, ctx, {
      action: 'site.gateways',
      network: network.id,
      subject: { kind: 'site', id: site.id, name: site.name },
      before: { gateways: names([site.firstGatewayId, site.secondGatewayId]) },
      after: { gateways: names([first, second]) },
    })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
  })
  return readSiteRow(ctx, organizationId, input.id)
}

async function gatewaysNamed(tx: Tx, networkId: string, ids: readonly (string | null)[]): Promise<Map<string, Node>> {
  const wanted = ids.filter((id) => id !== null)
  const nodes = await tx.node.findMany({ where: { networkId, id: { in: wanted } } })
  return new Map(nodes.map((node) => [node.id, node]))
}

function acceptGateway(node: Node | undefined): void {
  if (!node) throw new Refusal('NOT_FOUND', 'There is no such gateway in this network.', { field: 'gateways' })
  const isReady = node.role === 'gateway' && node.ordinal !== null
  if (isReady) return
  const why = node.role === 'gateway' ? 'has not joined yet' : 'is no gateway'
  throw new Refusal('PRECONDITION_FAILED', `${node.name} ${why}.`, {
    field: 'gateways',
    reason: 'not-a-gateway',
    fix: 'Choose a gateway of this network that has joined.',
  })
}
