import { formatPrefix } from '@spanwire/mesh/ip/prefix'
import { proposeUla } from '@spanwire/mesh/ip/propose-ula'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { duplicateOf, type Tx } from '../db.ts'
import { notify } from '../hints.ts'
import { lockOrganization } from '../lock-organization.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { getNetwork } from './get-network.ts'
import {
  acceptInterfaceName,
  acceptMtu,
  acceptNetworkName,
  acceptRange,
  acceptUla,
  DEFAULTS,
  networkFields,
} from './network-input.ts'
import { NetworkRow } from './network-row.ts'

export const CreateNetwork = z.object({
  name: networkFields.name,
  cidr4: networkFields.cidr4,
  cidr6: networkFields.cidr6.optional(),
  interfaceName: networkFields.interfaceName.optional(),
  listenPort: networkFields.listenPort.optional(),
  mtu: networkFields.mtu.optional(),
  keepaliveSeconds: networkFields.keepaliveSeconds.optional(),
  /** marks it as one whose machines are a program's */
  simulated: z.boolean().optional(),
})
export const CreateNetworkOutput = NetworkRow

export async function createNetwork(ctx: Context, input: z.infer<typeof CreateNetwork>): Promise<NetworkRow> {
  const { organizationId } = requireRole(ctx, 'admin')
  const fields = {
    organizationId,
    name: acceptNetworkName(input.name),
    cidr6: input.cidr6 === undefined ? formatPrefix(proposeUla(ctx.random(5))) : acceptUla(input.cidr6),
    interfaceName: acceptInterfaceName(input.interfaceName ?? DEFAULTS.interfaceName),
    listenPort: input.listenPort ?? DEFAULTS.listenPort,
    mtu: acceptMtu(input.mtu ?? DEFAULTS.mtu),
    keepaliveSeconds: input.keepaliveSeconds ?? DEFAULTS.keepaliveSeconds,
    simulated: input.simulated ?? false,
  }
  const id = await inTransaction(ctx, async (tx) => {
    await lockOrganization(tx, organizationId)
    const data = { ...fields, cidr4: await acceptRange(ctx, organizationId, input.cidr4) }
    await refuseTakenName(tx, organizationId, data.name)
    const network = await tx.network.create({ data: { ...data, createdAt: ctx.now() } })
    const { organizationId: _, ...after } = data
    const subject = { kind: 'network', id: network.id, name: network.name }
    await audit(tx, ctx, { action: 'network.create', network: network.id, subject, after })
    await notify(tx, { kind: 'network', network: network.id, organization: organizationId })
    return network.id
  }).catch((error) => {
    // Two at once: the constraint decides.
    throw duplicateOf(error) ? takenName(fields.name) : error
  })
  return getNetwork(ctx, { id })
}

export async function refuseTakenName(tx: Tx, organizationId: string, name: string, exceptId?: string): Promise<void> {
  const taken = await tx.network.findFirst({
    where: { organizationId, name, ...(exceptId && { id: { not: exceptId } }) },
    select: { id: true },
  })
  if (taken) throw takenName(name)
}

const takenName = (name: string) =>
  new Refusal('CONFLICT', `A network is called ${name} already.`, {
    field: 'name',
    reason: 'name-taken',
    fix: 'Choose another name.',
  })
