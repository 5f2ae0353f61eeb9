import { type Db, openDb } from '@spanwire/control/db'
import { applyMigrations, MigrationRefused } from '@spanwire/control/migrate/apply-migrations'
import { withoutPasswords } from './log.ts'
import { Stop } from './stop.ts'

/** An open database with all migrations applied. One that cannot be used is a Stop. */
export async function connect(url: string, isOwn: boolean, onError: (error: Error) => void): Promise<Db> {
  try {
    await applyMigrations(url)
    return await openDb(url, { onError })
  } catch (error) {
    if (error instanceof MigrationRefused) throw new Stop(error.message)
    if (isOwn || !(error instanceof Error)) throw error
    throw new Stop(`The database that DATABASE_URL names ${reason(error)}`)
  }
}

/** SQLSTATE of PostgreSQL, or the socket's own code. */
function reason(error: Error & { code?: string; hostname?: string }): string {
  const cause = error.cause instanceof Error ? (error.cause as typeof error) : error
  const code = error.code ?? cause.code
  switch (code) {
    case 'ECONNREFUSED':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
      return 'does not answer: start it, or correct host and port.'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'stands on a host whose name is not known: correct the host.'
    case '28P01':
    case '28000':
      return 'refuses this user or password: correct them.'
    case '3D000':
      return 'does not exist on that PostgreSQL: make it by `createdb`, or correct its name.'
    case '42501':
      return 'does not let this user make tables: give it a database of its own.'
    default:
      return `cannot be used: ${withoutPasswords(error.message || String(code))}.`
  }
}
