// The only place of the server that touches process.env: reads the settings, and sets what Next, next-auth and Prisma
// read from the environment themselves.
import { resolve } from 'node:path'
import { Environment, type Tls } from './environment.ts'
import { settingsTable } from './help.mjs'
import { Stop } from './stop.ts'

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

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
