import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

// The library's types are the browser's; Node's Web Crypto is the same thing under other names.
type SelfSigned = Parameters<typeof x509.X509CertificateGenerator.createSelfSigned>[0]
type Signed = Extract<Parameters<typeof x509.X509CertificateGenerator.create>[0], { signingKey: unknown }>
x509.cryptoProvider.set(webcrypto as never)

export type KeyPair = { certificate: string; key: string }
export type Leaf = {
  commonName: string
  organizations?: string[]
  /** Addresses and names; none for a client's certificate. */
  names?: string[]
  seconds?: number
}

// k3s: ten years for an authority, one for what it signs (pkg/daemons/config).
const YEAR_SECONDS = 365 * 24 * 3600
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A self-signed authority, such as `k3s-server-ca@1763740800`. */
export async function createAuthority(role: string): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${role}@${Math.floor(Date.now() / 1000)}`,
    keys: keys as unknown as SelfSigned['keys'],
    signingAlgorithm: ALGORITHM,
    ...validity(10 * YEAR_SECONDS),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
    ],
  })
  return { certificate: pem(certificate), key: await keyPem(keys.privateKey) }
}

export async function sign(authority: KeyPair, leaf: Leaf): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  return { certificate: await certify(authority, leaf, keys.publicKey), key: await keyPem(keys.privateKey) }
}

/** Signs what a CertificateSigningRequest asks for; the subject is the request's own. */
export async function signRequest(authority: KeyPair, requestPem: string, seconds: number): Promise<string> {
  const request = new x509.Pkcs10CertificateRequest(requestPem)
  if (!(await request.verify())) throw new Error('the signature of the certificate request is invalid')
  const subject = new x509.Name(request.subject).toJSON()
  const values = (key: string) => subject.flatMap((each) => each[key] ?? [])
  const leaf = { commonName: values('CN')[0] ?? '', organizations: values('O'), seconds }
  return certify(authority, leaf, await request.publicKey.export())
}

async function certify(authority: KeyPair, leaf: Leaf, publicKey: unknown): Promise<string> {
  const { commonName, organizations = [], names, seconds = YEAR_SECONDS } = leaf
  const signingKey = await webcrypto.subtle.importKey('pkcs8', fromPem(authority.key), ALGORITHM, false, ['sign'])
  const usage = names ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth
  const extensions: x509.Extension[] = [
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([usage]),
  ]
  if (names) {
    const alternatives = names.map((name) => ({ type: isIP(name) ? ('ip' as const) : ('dns' as const), value: name }))
    extensions.push(new x509.SubjectAlternativeNameExtension(alternatives))
  }
  const certificate = await x509.X509CertificateGenerator.create({
    subject: new x509.Name([...organizations.map((each) => ({ O: [each] })), { CN: [commonName] }]),
    issuer: new x509.X509Certificate(authority.certificate).subjectName,
    publicKey: publicKey as Signed['publicKey'],
    signingKey: signingKey as unknown as Signed['signingKey'],
    signingAlgorithm: ALGORITHM,
    ...validity(seconds),
    extensions,
  })
  return pem(certificate)
}

function validity(seconds: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  // A minute of grace for clocks that differ.
  return { notBefore: new Date(now - 60_000), notAfter: new Date(now + seconds * 1000) }
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`
}

function fromPem(text: string): ArrayBuffer {
  const [first] = x509.PemConverter.decode(text)
  if (!first) throw new Error('there is no PEM block')
  return first
}
