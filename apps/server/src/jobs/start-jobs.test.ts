import { setTimeout as sleep } from 'node:timers/promises'
import { openDb } from '@spanwire/control/db'
import { applyMigrations } from '@spanwire/control/migrate/apply-migrations'
import { databaseUrl, startTestPostgres } from '@spanwire/control/test-postgres'
import { testWire } from '@spanwire/control/test-wire'
import pg from 'pg'
import { expect, test } from 'vitest'
import { makeLog } from '../log.ts'
import { makeServices } from '../make-services.ts'
import { startJobs } from './start-jobs.ts'

/** A minute of this test. */
const MINUTE_MS = 400

test('jobs go on by themselves after the database was away, and two processes do each once', async () => {
  const postgres = await startTestPostgres()
  const direct = new pg.Pool({ connectionString: databaseUrl(postgres.url, 'jobs') })
  // A connection on its way out may still hear that the database ends.
  direct.on('error', () => {})
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  await admin.query('CREATE DATABASE jobs')
  await admin.end()
  await applyMigrations(databaseUrl(postgres.url, 'jobs'))
  const wire = await testWire(databaseUrl(postgres.url, 'jobs'))
  const log = makeLog('silent')
  const open = async () => {
    const db = await openDb(wire.url, { max: 5 })
    const services = await makeServices(db, 'a secret of the tests, long enough', { url: 'http://x', pin: null }, log)
    const jobs = await startJobs(services, log, MINUTE_MS)
    return async () => {
      await jobs.close()
      await services.hints.close()
      await db.close()
    }
  }
  const closing = [await open(), await open()]
  try {
    wire.turn('cut')
    // Several of its minutes, in which the queue cannot be asked.
    await sleep(5 * MINUTE_MS)
    wire.turn('open')
    const last = await lastPartition(direct)
    await direct.query(`DROP TABLE ${last}`)
    await expect.poll(() => lastPartition(direct), { timeout: 40_000 }).toBe(last)
    const { rows } = await direct.query(
      'SELECT count(*)::int AS waiting FROM graphile_worker.jobs WHERE locked_at IS NULL',
    )
    // One of each kind at most.
    expect(rows[0].waiting).toBeLessThanOrEqual(2)
  } finally {
    for (const close of closing) await close()
    await direct.end()
    await wire.close()
    await postgres.stop()
  }
})

/** The partition of the last day for which the job has made one. */
async function lastPartition(database: pg.Pool): Promise<string> {
  const { rows } = await database.query<{ name: string | null }>(
    "SELECT max(relname) AS name FROM pg_class WHERE relname ~ '^samples_[0-9]{8}$'",
  )
  return rows[0]?.name ?? ''
}
