/** `k3s certificate check --output table` (docs/cli/certificate.md, the form of 1.33.1 and later). */
import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { paths } from './paths.ts'

const WARN_DAYS = 120

export function certificateCommand([verb, ...args]: string[]): number {
  if (verb !== 'check') {
    process.stderr.write(`No help topic for 'certificate ${verb ?? ''}'\n`)
    return 3
  }
  const at = args.indexOf('--data-dir')
  const data = at < 0 ? paths.data : (args[at + 1] ?? '')
  const rows = ['server/tls', 'agent'].flatMap((directory) => certificatesIn(join(data, directory)))
  const titles = ['FILENAME', 'SUBJECT', 'USAGES', 'EXPIRES', 'RESIDUAL TIME', 'STATUS']
  const all = [titles, titles.map((title) => '-'.repeat(title.length)), ...rows]
  const widths = titles.map((_, n) => Math.max(...all.map((row) => row[n]?.length ?? 0)))
  for (const row of all)
    process.stdout.write(
      `${row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('   ')
        .trimEnd()}\n`,
    )
  return 0
}

/** Each file holds the certificate and, below it, its authority's. */
function certificatesIn(directory: string): string[][] {
  if (!existsSync(directory)) return []
  const files = readdirSync(directory).filter(
    (name) => /^(client|serving)-.*\.crt$/.test(name) && !/-ca\.crt$/.test(name),
  )
  return files.sort().flatMap((name) => {
    const text = readFileSync(join(directory, name), 'utf8')
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    return blocks.map((pem) => row(name, new X509Certificate(pem)))
  })
}

function row(file: string, certificate: X509Certificate): string[] {
  const expires = new Date(certificate.validTo)
  const days = Math.floor((expires.getTime() - Date.now()) / 86_400_000)
  const subject = /CN=(.*)/.exec(certificate.subject)?.[1] ?? ''
  const usage = certificate.ca ? 'CertSign' : file.startsWith('serving') ? 'ServerAuth' : 'ClientAuth'
  const [month, day, year] = [
    expires.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' }),
    String(expires.getUTCDate()).padStart(2, '0'),
    expires.getUTCFullYear(),
  ]
  const status = days < 0 ? 'EXPIRED' : days < WARN_DAYS ? 'WARNING' : 'OK'
  return [
    file,
    subject,
    usage,
    `${month} ${day}, ${year} ${expires.toISOString().slice(11, 16)} UTC`,
    residual(days),
    status,
  ]
}

function residual(days: number): string {
  const [count, unit] = days >= 360 ? [Math.round(days / 365), 'year'] : [days, 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
