/** What a browser asks for and a cluster signs, made without either: for tests. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { encodeBase64 } from '@spanwire/mesh/x509/base64'
import {
  certificateRequestInfo,
  certificateRequestPem,
  type RequestSubject,
} from '@spanwire/mesh/x509/certificate-request'
import { BIT_STRING, element, INTEGER, OBJECT_IDENTIFIER, SEQUENCE, SET, UTF8_STRING } from '@spanwire/mesh/x509/der'

export type TestRequest = { readonly pem: string; readonly spki: Uint8Array }

export function testRequest(subject: RequestSubject): TestRequest {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const info = certificateRequestInfo(spki, subject)
  return {
    pem: certificateRequestPem(info, sign('sha256', info, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
    spki,
  }
}

/** Good for 12 hours from `at`, signed by a key of its own. */
export function testCertificate(spki: Uint8Array, { commonName, organization }: RequestSubject, at: Date): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = (type: readonly number[], value: string) =>
    element(SET, element(SEQUENCE, element(OBJECT_IDENTIFIER, type), element(UTF8_STRING, Buffer.from(value))))
  const time = (of: Date) => element(0x17, Buffer.from(`${of.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))
  const algorithm = element(SEQUENCE, element(OBJECT_IDENTIFIER, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
  const tbs = element(
    SEQUENCE,
    element(0xa0, element(INTEGER, [2])),
    element(INTEGER, [7]),
    algorithm,
    element(SEQUENCE, name([0x55, 0x04, 0x03], 'k3s-client-ca')),
    element(SEQUENCE, time(at), time(new Date(at.getTime() + 12 * 3_600_000))),
    element(SEQUENCE, name([0x55, 0x04, 0x0a], organization), name([0x55, 0x04, 0x03], commonName)),
    spki,
  )
  const der = element(SEQUENCE, tbs, algorithm, element(BIT_STRING, [0], sign('sha256', tbs, privateKey)))
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
