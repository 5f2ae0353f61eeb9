/**
 * Join tokens as pkg/clientaccess/token.go reads them:
 *
 *     K10<sha256 of the cluster's CA>::<user>:<password>     from server/token
 *     K10<sha256 of the cluster's CA>::<id>.<secret>         bootstrap token: agents only, expires
 *     <password> or <id>.<secret>                            short: the CA is taken as it comes
 */
import { createHash, X509Certificate } from 'node:crypto'

export type Token = { caHash: string; user: string; password: string; bootstrap: string | undefined }

const BOOTSTRAP = /^[a-z0-9]{6}\.[a-z0-9]{16}$/

/** Throws with k3s's own words. */
export function parseToken(text: string): Token {
  if (text === '') throw new Error('token must not be empty')
  let rest = text.startsWith('K10') ? text.slice(3) : BOOTSTRAP.test(text) ? `::${text}` : `:::${text}`
  let caHash = ''
  const split = rest.indexOf('::')
  if (split >= 0) {
    caHash = rest.slice(0, split)
    if (caHash !== '' && caHash.length !== 64) throw new Error('invalid token CA hash length')
    rest = rest.slice(split + 2)
  }
  if (BOOTSTRAP.test(rest)) return { caHash, user: '', password: '', bootstrap: rest }
  const [user = '', ...password] = rest.split(':')
  if (password.join(':') === '') throw new Error('invalid token format')
  return { caHash, user, password: password.join(':'), bootstrap: undefined }
}

export function formatToken(credentials: string, caBundle: string): string {
  return `K10${hashCa(caBundle)}::${credentials}`
}

/** Of the PEM text when it is one certificate, of the root's DER when it is a chain. */
export function hashCa(bundle: string): string {
  const certificates = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const sha256 = createHash('sha256')
  if (certificates.length <= 1) return sha256.update(bundle).digest('hex')
  const root = certificates.map((pem) => new X509Certificate(pem)).find((each) => each.issuer === each.subject)
  return sha256.update(root ? root.raw : bundle).digest('hex')
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
