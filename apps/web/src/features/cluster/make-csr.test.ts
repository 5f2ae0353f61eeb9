import { createPrivateKey, createPublicKey } from 'node:crypto'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { parseCertificateRequest } from '@spanwire/mesh/x509/certificate-request'
import { expect, test } from 'vitest'
import { makeCsr } from './make-csr.ts'

test('the request names the person and the group, and is signed by the key that stays here', async () => {
  const { csr, keyPem } = await makeCsr('ada@example.com', 'spanwire:operator')
  const request = new Pkcs10CertificateRequest(csr)
  expect(request.subjectName.getField('CN')).toEqual(['ada@example.com'])
  expect(request.subjectName.getField('O')).toEqual(['spanwire:operator'])
  expect(request.attributes).toEqual([])
  expect(await request.verify()).toBe(true)
  const key = createPrivateKey(keyPem)
  expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' })
  expect(Buffer.from(request.publicKey.rawData)).toEqual(own)
})

test('each request has a key of its own', async () => {
  const [a, b] = [await makeCsr('a@example.com', 'x'), await makeCsr('a@example.com', 'x')]
  expect(a.keyPem).not.toBe(b.keyPem)
})

test('the server takes it, and reads the same names', async () => {
  const { csr } = await makeCsr('ada@example.com', 'spanwire:user:1')
  const parsed = parseCertificateRequest(`${csr.trim()}\n`)
  expect(parsed.ok && [parsed.value.commonName, parsed.value.organization]).toEqual([
    'ada@example.com',
    'spanwire:user:1',
  ])
})
