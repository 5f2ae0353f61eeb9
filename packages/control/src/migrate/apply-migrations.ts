/**
 * Applies the migrations of prisma/migrations at start. They are plain SQL in Prisma's layout and recorded in Prisma's own table,
 * so that `prisma migrate` on a machine that has its engine agrees with what stands there.
 *
 *   lock ─ compare what is recorded with the files ─ apply the rest, one transaction each ─ unlock
 */
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

/** The database does not fit this version of the program; its message says what to do. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused'
}

export type Migration = { readonly name: string; readonly sql: string; readonly checksum: string }

/** Any number, the same in all versions: two servers that start at once take turns. */
const LOCK = 7_267_011

const MIGRATIONS = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url))

/** Resolves to the names of those it applied; none when the database was up to date. */
export async function applyMigrations(url: string, directory: string = MIGRATIONS): Promise<string[]> {
  const migrations = await readMigrations(directory)
  const client = new pg.Client({
    connectionString: url,
    application_name: 'spanwire migrate',
    connectionTimeoutMillis: 10_000,
  })
  // The query in flight rejects too; without a listener the event alone would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    await client.query(RECORD)
    const applied = await readApplied(client)
    refuseStrangers(migrations, applied)
    const due = migrations.filter(({ name }) => !applied.has(name))
    for (const migration of due) await apply(client, migration)
    return due.map(({ name }) => name)
  } finally {
    // Ends the session, and the lock with it.
    await client.end()
  }
}

export async function readMigrations(directory: string = MIGRATIONS): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/** As Prisma's schema engine makes it. */
const RECORD = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`

async function readApplied(client: pg.Client): Promise<Map<string, { checksum: string; isFinished: boolean }>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
       FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  )
  return new Map(rows.map((row) => [row.migration_name, { checksum: row.checksum, isFinished: row.finished }]))
}

function refuseStrangers(
  migrations: readonly Migration[],
  applied: ReadonlyMap<string, { checksum: string; isFinished: boolean }>,
): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const [name, { checksum, isFinished }] of applied) {
    const migration = known.get(name)
    if (!migration) {
      throw new MigrationRefused(
        `The database has the migration ${name}, which this version does not know: it was used by a newer Spanwire. Start that version, or restore the backup made before it.`,
      )
    }
    if (!isFinished) {
      throw new MigrationRefused(
        `The migration ${name} was begun in this database by another program and not finished. Run \`npx prisma migrate resolve\`, or restore a backup.`,
      )
    }
    if (migration.checksum !== checksum) {
      throw new MigrationRefused(
        `The migration ${name} differs from the one that this database was made with. Take back the change of prisma/migrations/${name} and put it into a migration of its own.`,
      )
    }
  }
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN')
    await client.query(sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
