/** What each variable may be, and the sentence that says what is wrong with it and how to put it right. */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'

export type Tls = { kind: 'off' } | { kind: 'self-signed' } | { kind: 'files'; certificate: string; key: string }

const Port = z
  .string()
  .default('3000')
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535, {
    error: (issue) => `PORT is ${quote(issue.input)}: give a number from 1 to 65535, for example PORT=3000.`,
  })
  .transform(Number)

const Host = z
  .string()
  .refine((text) => isIP(text) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text), {
    error: (issue) =>
      `HOST is ${quote(issue.input)}: give an address of this machine, for example 0.0.0.0 or 127.0.0.1.`,
  })
  .optional()

const Url = z
  .string()
  // The grammar of URLs in docs/protocol.md: the node script takes no other.
  .refine((text) => /^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._/-]*)?$/.test(text) && URL.canParse(text), {
    error: (issue) =>
      `SPANWIRE_URL is ${quote(issue.input)}: give the address that nodes use, for example https://spanwire.example.com.`,
  })
  .refine((text) => !URL.canParse(text) || new URL(text).pathname === '/', {
    error: (issue) =>
      `SPANWIRE_URL is ${quote(issue.input)}: the server has a name of its own, so leave the path away.`,
  })
  .transform((text) => text.replace(/\/+$/, ''))
  .optional()

const DatabaseUrl = z
  .string()
  .refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text), {
    // Never quoted: it carries a password.
    error:
      'DATABASE_URL is not an address of a PostgreSQL: give postgresql://user:password@host:5432/database, or leave it away for the embedded one.',
  })
  .optional()

const Secret = z
  .string()
  .min(32, 'SPANWIRE_SECRET is shorter than 32 characters: make one by `openssl rand -base64 32`, or leave it away.')
  .optional()

const TlsChoice = z
  .string()
  .default('off')
  .transform((text, context): Tls => {
    if (text === 'off' || text === 'self-signed') return { kind: text }
    const [certificate, key, ...more] = text.split(':')
    if (certificate && key && more.length === 0)
      return { kind: 'files', certificate: resolve(certificate), key: resolve(key) }
    context.addIssue(
      `SPANWIRE_TLS is ${quote(text)}: give off, self-signed, or CERTIFICATE:KEY, the paths of two PEM files.`,
    )
    return z.NEVER
  })

const TrustedProxies = z
  .string()
  .default('')
  .transform((text, context) => {
    const ranges = text.split(/[\s,]+/).filter(Boolean)
    for (const range of ranges.filter((one) => !isRange(one))) {
      context.addIssue(
        `SPANWIRE_TRUSTED_PROXIES has ${quote(range)}: give addresses or CIDR ranges with commas between, for example 127.0.0.1,10.0.0.0/8.`,
      )
    }
    return ranges
  })

export const Environment = z.object({
  PORT: Port,
  HOST: Host,
  SPANWIRE_URL: Url,
  SPANWIRE_DATA: z.string().default('data'),
  DATABASE_URL: DatabaseUrl,
  SPANWIRE_SECRET: Secret,
  SPANWIRE_TLS: TlsChoice,
  SPANWIRE_TRUSTED_PROXIES: TrustedProxies,
  SPANWIRE_CONSOLE: z
    .enum(['on', 'off'], { error: (issue) => `SPANWIRE_CONSOLE is ${quote(issue.input)}: give on or off.` })
    .default('on'),
})

function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function quote(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 80))
}
