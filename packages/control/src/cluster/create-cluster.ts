import { invariant } from '@spanwire/mesh/invariant'
import { z } from 'zod'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { duplicateOf } from '../db.ts'
import { notify } from '../hints.ts'
import { lockOrganization } from '../lock-organization.ts'
import { lockNetwork } from '../network/lock-network.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { acceptCluster, clusterContext } from './cluster-context.ts'
import { ClusterSettingsInput, DatastoreEndpoint } from './cluster-input.ts'
import { ClusterDetail } from './cluster-row.ts'
import { acceptDatastore } from './datastore.ts'
import { readClusterDetail } from './read-cluster-detail.ts'

export const CreateCluster = z.object({
  networkId: z.uuid(),
  settings: ClusterSettingsInput,
  datastoreEndpoint: DatastoreEndpoint,
})
export const CreateClusterOutput = ClusterDetail

/** No machine is touched before it is given a role in it. */
export async function createCluster(ctx: Context, input: z.infer<typeof CreateCluster>): Promise<ClusterDetail> {
  const { organizationId } = requireRole(ctx, 'admin')
  const { settings } = input
  const network = await inTransaction(ctx, async (tx) => {
    await lockOrganization(tx, organizationId)
    const network = await lockNetwork(tx, organizationId, input.networkId)
    if (await tx.cluster.findUnique({ where: { networkId: network.id }, select: { id: true } }))
      throw hasOne(network.name)
    acceptCluster(settings, await clusterContext(ctx, network))
    const datastore = acceptDatastore(ctx, settings, input.datastoreEndpoint ?? null)
    const cluster = await tx.cluster.create({
      data: { networkId: network.id, name: settings.name, settings, datastore, createdAt: ctx.now() },
    })
    await bumpRevision(tx, network.id)
    const subject = { kind: 'cluster', id: cluster.id, name: cluster.name }
    await audit(tx, ctx, { action: 'cluster.create', network: network.id, subject, after: settings })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return network
  }).catch((error) => {
    throw duplicateOf(error) ? hasOne('') : error
  })
  const made = await readClusterDetail(ctx, network)
  invariant(made, 'it was made a moment ago')
  return made
}

const hasOne = (name: string) =>
  new Refusal('CONFLICT', `The network ${name} has a cluster already.`.replace('  ', ' '), {
    reason: 'has-cluster',
    fix: 'Another cluster has a network of its own: its nodes then never meet those of this one.',
  })
