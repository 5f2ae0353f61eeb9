import { createVerify, generateKeyPairSync, sign } from 'node:crypto'
import {
  certificateRequestInfo,
  certificateRequestPem,
  parseCertificateRequest,
} from '@spanwire/mesh/x509/certificate-request'
import { expect, test } from 'vitest'

const subject = { commonName: 'ada@example.org', organization: 'spanwire:operator' }

function request(of = subject, change: (info: Uint8Array) => Uint8Array = (info) => info): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const info = change(certificateRequestInfo(publicKey.export({ type: 'spki', format: 'der' }), of))
  return certificateRequestPem(info, sign('sha256', info, { key: privateKey, dsaEncoding: 'ieee-p1363' }))
}

test('what a browser makes is read, and its signature is of its key', () => {
  for (let i = 0; i < 40; i++) {
    const pem = request()
    const parsed = parseCertificateRequest(pem)
    if (!parsed.ok) throw new Error(parsed.error.message)
    expect(parsed.value).toMatchObject({ ...subject, pem })
    const key = { key: Buffer.from(parsed.value.spki), format: 'der', type: 'spki' } as const
    expect(createVerify('sha256').update(parsed.value.info).verify(key, parsed.value.signature)).toBe(true)
  }
})

test.each([
  ['a second organization', () => twoOrganizations()],
  ['an attribute', () => request(subject, withAttribute)],
  ['no PEM', () => 'hello'],
  ['two blocks', () => request() + request()],
  ['a cut one', () => request().replace(/\n.{20}/, '\n')],
  ['a name with a line of its own', () => request({ ...subject, commonName: 'ada\nO=system:masters' })],
  ['an empty name', () => request({ ...subject, commonName: '' })],
])('%s is no request of a person', (_, make) => {
  expect(parseCertificateRequest(make()).ok).toBe(false)
})

test('a second organization is seen for what it is', () => {
  expect(parseCertificateRequest(twoOrganizations())).toMatchObject({
    error: { message: expect.stringContaining('its subject is not one organization and one common name') },
  })
})

test('a key of another kind is refused', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const info = certificateRequestInfo(publicKey.export({ type: 'spki', format: 'der' }), subject)
  expect(parseCertificateRequest(certificateRequestPem(info, new Uint8Array(64).fill(1)))).toMatchObject({ ok: false })
})

/** O=spanwire:operator is there twice: a longer subject, with all lengths right. */
function twoOrganizations(): string {
  return request(subject, (info) => {
    const text = Buffer.from(info).toString('hex')
    const at = text.indexOf('31', 8)
    const set = text.slice(at, at + 2 * (2 + Number.parseInt(text.slice(at + 2, at + 4), 16)))
    const grown = text.slice(0, at) + set + text.slice(at)
    return fixLengths(Buffer.from(grown, 'hex'), set.length / 2)
  })
}

/** The empty [0] at the end gets something in it. */
function withAttribute(info: Uint8Array): Uint8Array {
  const bytes = [...info.slice(0, -1), 2, 5, 0]
  return fixOuter(bytes, 2)
}

function fixLengths(bytes: Uint8Array, more: number): Uint8Array {
  const out = fixOuter([...bytes], more)
  // After the outer head and the version comes the subject.
  const at = (out[1] === 0x81 ? 3 : 2) + 3
  out[at + 1] = (out[at + 1] ?? 0) + more
  return out
}

function fixOuter(bytes: number[], more: number): Uint8Array {
  const at = bytes[1] === 0x81 ? 2 : 1
  bytes[at] = (bytes[at] ?? 0) + more
  return Uint8Array.from(bytes)
}
