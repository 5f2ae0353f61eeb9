// The only place of the server that touches process.env: reads the settings, and sets what Next, next-auth and Prisma
// read from the environment themselves.
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { settingsTable } from './help.mjs'
import { Stop } from './stop.ts'

export type Tls = { kind: 'off' } | { kind: 'self-signed' } | { kind: 'files'; certificate: string; key: string }

export type Settings = {
  port: number
  host: string
  /** the address that nodes and browsers use, without a slash at its end; null: this machine's own */
  url: string | null
  /** absolute */
  data: string
  /** null: the embedded PostgreSQL */
  databaseUrl: string | null
  /** null: the one in the data directory, made at first start */
  secret: string | null
  tls: Tls
  trustedProxies: string[]
  /** false: no pages, only the doors of nodes and of the API */
  web: boolean
  /** prints nothing when 'silent' */
  log: 'info' | 'warn' | 'silent'
}

/** Settings of a program that starts a server itself; what it does not say is the default. */
export function settings(given: Partial<Settings> & { data: string }): Settings {
  return {
    port: 3000,
    host: '127.0.0.1',
    url: null,
    databaseUrl: null,
    secret: null,
    tls: { kind: 'off' },
    trustedProxies: [],
    web: true,
    log: 'silent',
    ...given,
    data: resolve(given.data),
  }
}

/** Settings from the environment. A wrong value is a Stop whose sentence names the variable, the value and the fix. */
export function readSettings(environment: Record<string, string | undefined> = process.env): Settings {
  const raw = Object.fromEntries(settingsTable.map(({ name }) => [name, environment[name]?.trim() || undefined]))
  const read = Environment.safeParse(raw)
  if (!read.success) throw new Stop(read.error.issues.map((issue) => issue.message).join('\n'))
  const { PORT, HOST, SPANWIRE_URL, SPANWIRE_DATA, DATABASE_URL, SPANWIRE_SECRET, SPANWIRE_TLS } = read.data
  return settings({
    port: PORT,
    // Until an address for other machines is named, nobody else can come first and make the owner's account.
    host: HOST ?? (SPANWIRE_URL && !isLoopback(SPANWIRE_URL) ? '::' : 'localhost'),
    url: SPANWIRE_URL ?? null,
    data: SPANWIRE_DATA,
    databaseUrl: DATABASE_URL ?? null,
    secret: SPANWIRE_SECRET ?? null,
    tls: SPANWIRE_TLS,
    trustedProxies: read.data.SPANWIRE_TRUSTED_PROXIES,
    web: read.data.SPANWIRE_CONSOLE === 'on',
    log: 'info',
  })
}

/** What the libraries in this process take from the environment, said once and before they are loaded. */
export function prepareEnvironment(): void {
  Object.assign(process.env, {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    CHECKPOINT_DISABLE: '1',
    DO_NOT_TRACK: '1',
    // next-auth takes the address from the forwarded headers, which the front writes itself for each request.
    AUTH_TRUST_HOST: '1',
  })
  delete process.env.NEXTAUTH_URL
}

/** A copy for a child process, without the variables that would change what it does. */
export function environmentOfChild(): NodeJS.ProcessEnv {
  const own = { ...process.env }
  // libpq's variables (PGDATA, PGPORT, …) are meant for somebody else's database.
  for (const name of Object.keys(own)) if (name.startsWith('PG')) delete own[name]
  return { ...own, LC_ALL: 'C', TZ: 'UTC' }
}

/** The environment without any setting of ours: what a test's server must not inherit. */
export function parentEnvironment(): NodeJS.ProcessEnv {
  const own = { ...process.env }
  for (const { name } of settingsTable) delete own[name]
  return own
}

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

const Environment = z.object({
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

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

function quote(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 80))
}
