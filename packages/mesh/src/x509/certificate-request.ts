/**
 * Requests for a person's certificate (PKCS #10, RFC 2986): made in the browser, where the key is born, and read on the server before
 * a cluster signs it. One form only: P-256, a common name and one organization, nothing else. What is read is made again and has to
 * be the same to the byte, so nothing can hide in it: a further organization would be a further group in Kubernetes.
 */
import { err, type Fault, ok, type Result } from '../result.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { BIT_STRING, element, INTEGER, OBJECT_IDENTIFIER, readElement, SEQUENCE, SET, UTF8_STRING } from './der.ts'

export type RequestSubject = { readonly commonName: string; readonly organization: string }

export type CertificateRequest = RequestSubject & {
  /** What is signed. */
  readonly info: Uint8Array<ArrayBuffer>
  /** SubjectPublicKeyInfo. */
  readonly spki: Uint8Array<ArrayBuffer>
  /** Of ECDSA in DER. */
  readonly signature: Uint8Array<ArrayBuffer>
  readonly pem: string
}

/** SubjectPublicKeyInfo of P-256, up to the point: id-ecPublicKey, prime256v1, a bit string, uncompressed. */
const P256 = [
  ...[0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48],
  ...[0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04],
]
const SPKI_BYTES = 91
const COMMON_NAME = [0x55, 0x04, 0x03]
const ORGANIZATION = [0x55, 0x04, 0x0a]
const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]

/** What the key signs, with SHA-256. `spki` as WebCrypto exports it. */
export function certificateRequestInfo(
  spki: Uint8Array,
  { commonName, organization }: RequestSubject,
): Uint8Array<ArrayBuffer> {
  const subject = element(SEQUENCE, attribute(ORGANIZATION, organization), attribute(COMMON_NAME, commonName))
  return element(SEQUENCE, element(INTEGER, [0]), subject, spki, element(0xa0))
}

/** `signature`: 64 bytes, as WebCrypto gives it. */
export function certificateRequestPem(info: Uint8Array, signature: Uint8Array): string {
  const half = signature.length / 2
  return pemOf(info, element(SEQUENCE, integer(signature.slice(0, half)), integer(signature.slice(half))))
}

export function parseCertificateRequest(text: string): Result<CertificateRequest, Fault<'bad-request'>> {
  const bad = (why: string) =>
    err({ kind: 'bad-request' as const, message: `this is no request for a certificate of a person: ${why}` })
  const body =
    /^-----BEGIN CERTIFICATE REQUEST-----\n([A-Za-z0-9+/=\n]{1,2000})-----END CERTIFICATE REQUEST-----\n?$/.exec(
      text,
    )?.[1]
  const der = body === undefined ? null : decodeBase64(body.replaceAll('\n', ''))
  if (!der) return bad('it is not one block of PEM')
  const parts = childrenOf(der, readElement(der, 0))
  const [info, , bits] = parts
  const [, subject, spki] = childrenOf(der, info)
  if (parts.length !== 3 || !info || !bits || !subject || !spki) return bad('its parts are not those of PKCS #10')
  const names = childrenOf(der, subject).map((set) => nameIn(der, set))
  const [organization, commonName] = names
  if (names.length !== 2 || !organization || !commonName)
    return bad('its subject is not one organization and one common name')
  const key = der.slice(spki.at, spki.end)
  if (key.length !== SPKI_BYTES || !P256.every((byte, i) => byte === key[i])) return bad('its key is not of P-256')
  const again = certificateRequestInfo(key, { commonName, organization })
  // The first byte of a bit string says how many bits are unused.
  const signature = der.slice(bits.start + 1, bits.end)
  const pem = pemOf(again, signature)
  if (encodeBase64(der) !== encodeBase64(decodeBase64(bodyOf(pem)) ?? new Uint8Array()))
    return bad('it has more in it than it may')
  return ok({ commonName, organization, info: again, spki: key, signature, pem })
}

const attribute = (type: readonly number[], value: string): Uint8Array =>
  element(SET, element(SEQUENCE, element(OBJECT_IDENTIFIER, type), element(UTF8_STRING, ascii(value))))

/** Of a number without a sign: no needless zeros before it, one where it would read as negative. */
function integer(bytes: Uint8Array): Uint8Array {
  let at = 0
  while (at < bytes.length - 1 && bytes[at] === 0) at++
  const bare = bytes.slice(at)
  return element(INTEGER, (bare[0] ?? 0) >= 0x80 ? [0] : [], bare)
}

function pemOf(info: Uint8Array, signature: Uint8Array): string {
  const algorithm = element(SEQUENCE, element(OBJECT_IDENTIFIER, ECDSA_SHA256))
  const der = element(SEQUENCE, info, algorithm, element(BIT_STRING, [0], signature))
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`
}

const bodyOf = (pem: string): string => pem.replace(/-----[A-Z ]+-----/g, '').replaceAll('\n', '')

type Part = { readonly at: number; readonly start: number; readonly end: number }

function childrenOf(der: Uint8Array, parent: { start: number; end: number } | null | undefined): Part[] {
  const parts: Part[] = []
  for (let at = parent?.start ?? 0; parent && at < parent.end; ) {
    const next = readElement(der, at)
    if (!next || next.end > parent.end) return []
    parts.push({ at, start: next.start, end: next.end })
    at = next.end
  }
  return parts
}

/** What stands in one name of a subject; null for what is no printable ASCII. */
function nameIn(der: Uint8Array, set: Part): string | null {
  const [pair] = childrenOf(der, set)
  const [, value] = childrenOf(der, pair)
  if (!value) return null
  const text = String.fromCharCode(...der.slice(value.start, value.end))
  return PRINTABLE.test(text) ? text : null
}

const PRINTABLE = /^[\x20-\x7e]{1,250}$/

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0))
