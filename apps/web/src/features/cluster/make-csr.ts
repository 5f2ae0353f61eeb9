import { Name, PemConverter, Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export type CsrWithKey = { csr: string; keyPem: string }

/** A key pair of P-256 and the request for its certificate. The private key is in the answer and nowhere else. */
export async function makeCsr(commonName: string, organization: string): Promise<CsrWithKey> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  // In this order and these types: a server of the cluster is asked for nothing that it could read in another way.
  const subject = new Name([named('O', organization), named('CN', commonName)])
  const request = await Pkcs10CertificateRequestGenerator.create(
    { name: subject, keys, signingAlgorithm: ALGORITHM },
    crypto,
  )
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { csr: request.toString('pem'), keyPem: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` }
}

const named = (key: string, text: string) => ({ [key]: [{ utf8String: text }] })
