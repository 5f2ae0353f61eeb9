import { verify } from 'node:crypto'
import { groupOf } from '@spanwire/mesh/cluster/person-group'
import { parseCertificateRequest } from '@spanwire/mesh/x509/certificate-request'
import { z } from 'zod'
import { accept } from '../accept.ts'
import { audit } from '../audit.ts'
import { bumpRevision } from '../bump-revision.ts'
import type { Context } from '../context.ts'
import { uuid7 } from '../machine/uuid7.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { askServer } from './ask-server.ts'
import { lockCluster } from './lock-cluster.ts'

export const RequestKubeconfig = z.object({
  networkId: z.uuid(),
  /** PEM; the key that it is for never leaves the browser */
  csr: z.string().max(4000),
})
export const RequestKubeconfigOutput = z.object({ id: z.string(), on: z.string() })

/** A working day. What its group may do is bound elsewhere and ends with the role; see docs/decisions/0008. */
const CERTIFICATE_SECONDS = 12 * 60 * 60

/** A certificate of the cluster for oneself, in one's own group and in no other. */
export async function requestKubeconfig(
  ctx: Context,
  input: z.infer<typeof RequestKubeconfig>,
): Promise<z.infer<typeof RequestKubeconfigOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const { actor } = ctx
  if (actor.kind !== 'person')
    throw new Refusal('FORBIDDEN', 'A certificate is made for a person; sign in.', { reason: 'not-a-person' })
  return inTransaction(ctx, async (tx) => {
    const { network, cluster } = await lockCluster(tx, organizationId, input.networkId)
    const csr = accept(parseCertificateRequest(input.csr), 'csr')
    const key = { key: Buffer.from(csr.spki), format: 'der', type: 'spki' } as const
    if (!verify('sha256', csr.info, key, csr.signature)) throw notYours('it is not signed by its own key')
    if (csr.commonName !== actor.name) throw notYours(`its common name is not ${actor.name}`)
    if (csr.organization !== groupOf(actor.userId)) throw notYours(`its organization is not ${groupOf(actor.userId)}`)
    const id = uuid7(ctx.now(), ctx.random)
    await bumpRevision(tx, network.id)
    const { server } = await askServer(tx, ctx, network, {
      id,
      kind: 'k3s-sign',
      args: [lettersOf(id), String(CERTIFICATE_SECONDS)],
      forNodeId: null,
      askedBy: actor.name,
      input: csr.pem,
    })
    await audit(tx, ctx, {
      action: 'cluster.kubeconfig-asked',
      network: network.id,
      subject: { kind: 'cluster', id: cluster.id, name: cluster.name },
      after: { group: groupOf(actor.userId), hours: CERTIFICATE_SECONDS / 3600, on: server.nodeName },
    })
    return { id, on: server.nodeName }
  })
}

/** Names of a bundle's files have letters only. */
const lettersOf = (id: string): string =>
  id.replaceAll('-', '').replace(/./g, (digit) => 'abcdefghijklmnop'[Number.parseInt(digit, 16)] ?? '')

const notYours = (why: string) =>
  new Refusal('BAD_REQUEST', `This request for a certificate is not for you: ${why}.`, {
    field: 'csr',
    reason: 'not-yours',
  })
