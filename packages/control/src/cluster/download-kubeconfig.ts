import { X509Certificate } from 'node:crypto'
import { parseCertificateRequest } from '@spanwire/mesh/x509/certificate-request'
import { z } from 'zod'
import { audit } from '../audit.ts'
import type { Context } from '../context.ts'
import { addressesOf } from '../node/addresses-of.ts'
import { Refusal } from '../refusal.ts'
import { requireRole } from '../require-role.ts'
import { inTransaction } from '../transaction.ts'
import { findKubeconfigRequest, type KubeconfigRequest } from './kubeconfig-request.ts'
import { openToken } from './tokens.ts'

export const DownloadKubeconfig = z.object({ id: z.uuid() })
export const DownloadKubeconfigOutput = z.object({
  cluster: z.string(),
  /** at the overlay address: whoever uses it has a device in the network */
  server: z.string(),
  caPem: z.string(),
  certificatePem: z.string(),
  user: z.string(),
  until: z.string(),
})

/** Once, and each time an event. The browser puts its own key beside it. */
export async function downloadKubeconfig(
  ctx: Context,
  input: z.infer<typeof DownloadKubeconfig>,
): Promise<z.infer<typeof DownloadKubeconfigOutput>> {
  const { organizationId } = requireRole(ctx, 'viewer')
  const request = await findKubeconfigRequest(ctx, organizationId, input.id)
  const { node } = request
  const { network } = node
  const { cluster } = network
  if (request.state !== 'done' || request.secret === null || !cluster?.caPem) throw notThere()
  const certificatePem = openToken(ctx.seal, request.secret) ?? ''
  const certificate = accepted(request, certificatePem)
  const { address4 } = addressesOf({ ...network, ordinal: node.ordinal })
  return inTransaction(ctx, async (tx) => {
    const { count } = await tx.nodeRequest.updateMany({
      where: { id: request.id, secret: { not: null } },
      data: { secret: null },
    })
    if (count === 0) throw notThere()
    const until = new Date(certificate.validTo).toISOString()
    await audit(tx, ctx, {
      action: 'cluster.kubeconfig',
      network: network.id,
      subject: { kind: 'cluster', id: cluster.id, name: cluster.name },
      after: { user: request.askedBy, serial: certificate.serialNumber, until, signedBy: node.name },
    })
    return {
      cluster: cluster.name,
      server: `https://${address4}:6443`,
      caPem: cluster.caPem ?? '',
      certificatePem,
      user: request.askedBy,
      until,
    }
  })
}

/** Of the key and the person that it was asked for: a server that answers with another is not believed. */
function accepted({ input }: KubeconfigRequest, pem: string): X509Certificate {
  const asked = parseCertificateRequest(input ?? '')
  try {
    const certificate = new X509Certificate(pem)
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
    const names = certificate.subject.split('\n').sort().join(' ')
    if (
      asked.ok &&
      spki.equals(asked.value.spki) &&
      names === `CN=${asked.value.commonName} O=${asked.value.organization}`
    )
      return certificate
  } catch {
    // Said below, like everything else that is no such certificate.
  }
  throw new Refusal('PRECONDITION_FAILED', 'What the server answered is no certificate for this request.', {
    reason: 'wrong-certificate',
    fix: 'Ask for another.',
  })
}

const notThere = () =>
  new Refusal('CONFLICT', 'There is nothing to fetch: it was not signed, or was fetched already.', {
    reason: 'nothing-to-fetch',
    fix: 'Ask for another.',
  })
