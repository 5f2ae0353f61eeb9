import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { Tls } from './environment.ts'
import { keepPrivate } from './keep-private.ts'
import { Stop } from './stop.ts'

export type Certificate = {
  key: string
  certificate: string
  /** `sha256//…` for curl's --pinnedpubkey; only where the certificate is our own, which no authority vouches for */
  pin: string | null
}

/** Certificate and key to serve with; null where TLS is off. The self-signed one is made once: nodes pin its key. */
export async function certificateFor(tls: Tls, data: string, host: string): Promise<Certificate | null> {
  if (tls.kind === 'off') return null
  if (tls.kind === 'files') {
    const [certificate, key] = await Promise.all([readPem(tls.certificate), readPem(tls.key)])
    return { certificate, key, pin: null }
  }
  const path = join(data, 'tls.pem')
  await keepPrivate(path, await selfSigned(host))
  const both = await readFile(path, 'utf8')
  const at = both.indexOf('-----BEGIN CERTIFICATE-----')
  if (at < 0) throw new Stop(`${path} holds no certificate: delete it, and paste new join lines since the pin changes.`)
  const certificate = both.slice(at)
  return { key: both.slice(0, at), certificate, pin: pinOf(certificate) }
}

/** Base64 of the SHA-256 of the public key (SubjectPublicKeyInfo, DER): RFC 7469, section 2.4. */
export function pinOf(certificate: string): string {
  const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256//${createHash('sha256').update(spki).digest('base64')}`
}

/** Key and certificate in one file, so that the two always belong together. */
async function selfSigned(host: string): Promise<string> {
  const altNames = [
    { type: 2 as const, value: 'localhost' },
    { type: 7 as const, ip: '127.0.0.1' },
    ...(isIP(host) ? [{ type: 7 as const, ip: host }] : [{ type: 2 as const, value: host }]),
  ]
  const made = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // The pin is what nodes check, and curl's -k looks at no date; a browser complains either way.
    notAfterDate: new Date(Date.now() + 10 * 365 * 24 * 3600 * 1000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  return `${made.private.trim()}\n${made.cert.trim()}\n`
}

async function readPem(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Stop(
      `SPANWIRE_TLS names ${path}, which cannot be read (${error.code}): give CERTIFICATE:KEY, two PEM files.`,
    )
  })
  if (!text.includes('-----BEGIN ')) throw new Stop(`SPANWIRE_TLS names ${path}, which is no PEM file.`)
  return text
}
