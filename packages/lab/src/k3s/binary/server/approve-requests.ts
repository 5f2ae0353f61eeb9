import { signRequest } from '../certificates.ts'
import { log } from '../log.ts'
import type { Identity } from './identity.ts'
import { conditionOf } from './kube-object.ts'
import type { Store } from './store.ts'

/** Signs approved CertificateSigningRequests for kubernetes.io/kube-apiserver-client with the client CA. */
export function approveRequests(store: Store, identity: Identity): void {
  const signing = new Set<string>()
  setInterval(async () => {
    for (const request of store.list('certificatesigningrequests')) {
      const { name } = request.metadata
      if (request.status?.certificate || !conditionOf(request, 'Approved') || signing.has(name)) continue
      if (request.spec.signerName !== 'kubernetes.io/kube-apiserver-client') continue
      signing.add(name)
      try {
        const pem = Buffer.from(request.spec.request, 'base64').toString()
        const certificate = await signRequest(identity.client, pem, request.spec.expirationSeconds ?? 365 * 24 * 3600)
        store.update('certificatesigningrequests', request, (object) => {
          object.status = { ...object.status, certificate: Buffer.from(certificate).toString('base64') }
        })
      } catch (error) {
        log.error(`certificate signing request ${name}: ${(error as Error).message}`)
      }
    }
  }, 300)
}
