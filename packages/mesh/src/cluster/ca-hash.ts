/**
 * The hash of a cluster's CA as it stands in a token (pkg/clientaccess/token.go, hashCA): over the bytes that `/cacerts` serves when
 * that is one certificate; over the DER of the root when it is a chain, so that the CA below can be renewed.
 */
import { err, type Fault, ok, type Result } from '../result.ts'
import { decodeBase64 } from '../x509/base64.ts'
import { readElement } from '../x509/der.ts'

export function caHash(pem: string, sha256hex: (bytes: Uint8Array) => string): Result<string, Fault<'bad-pem'>> {
  const bad = (why: string) => err({ kind: 'bad-pem' as const, message: `this is not a CA in PEM form: ${why}` })
  if (pem.length > 1 << 20 || !/^[\t\n\r\x20-\x7e]*$/.test(pem)) return bad('it is over 1 MiB or not plain ASCII')
  const certificates: Certificate[] = []
  for (const [, body] of pem.matchAll(
    /-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----/g,
  )) {
    const der = decodeBase64((body ?? '').replace(/[\r\n]/g, ''))
    const names = der && readNames(der)
    if (!der || !names) return bad('a certificate in it cannot be read')
    certificates.push({ der, ...names })
  }
  if (certificates.length === 0) return bad('it has no certificate')
  const root = certificates.length === 1 ? null : findRoot(certificates)
  // Without a chain to a root k3s hashes the whole file, so we do.
  return ok(sha256hex(root ? root.der : Uint8Array.from(pem, (character) => character.charCodeAt(0))))
}

type Certificate = { readonly der: Uint8Array; readonly issuer: string; readonly subject: string }

/** From the first certificate upwards, by name, through those that come after it. */
function findRoot([first, ...others]: readonly Certificate[]): Certificate | null {
  let current = first
  for (let depth = 0; current && depth <= others.length; depth++) {
    const issuer = current.issuer
    const parent = others.find(({ subject }) => subject === issuer)
    if (!parent || parent.issuer === parent.subject) return parent ?? null
    current = parent
  }
  return null
}

/** RFC 5280 4.1: Certificate { tbs { [0] version?, serial, algorithm, issuer, validity, subject, … } … }. */
function readNames(der: Uint8Array): { issuer: string; subject: string } | null {
  const certificate = readElement(der, 0)
  const tbs = certificate && readElement(der, certificate.start)
  if (!tbs) return null
  let at = tbs.start
  const next = () => {
    const element = readElement(der, at)
    at = element ? element.end : der.length
    return element
  }
  if (der[at] === 0xa0) next()
  const [, , issuer, , subject] = [next(), next(), next(), next(), next()]
  if (!issuer || !subject || subject.end > tbs.end) return null
  const hex = (from: number, to: number) =>
    Array.from(der.subarray(from, to), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { issuer: hex(issuer.start, issuer.end), subject: hex(subject.start, subject.end) }
}
