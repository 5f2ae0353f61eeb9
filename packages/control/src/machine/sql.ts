/**
 * SQL for the machine side: token claims, places, reports and the revision scan go past Prisma, which costs 4 to 9 times the CPU
 * there. Every statement has an end: a database that stopped answering must become a 503, not a request that hangs.
 */
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg'
import { isDatabaseAway } from '../is-database-away.ts'

export type Sql = {
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

export const QUERY_TIMEOUT_MS = 5_000

export function sqlOn(client: Pool | PoolClient): Sql {
  return {
    async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      // `query_timeout` is read by pg's client from each query, though its types know it of the connection only.
      const config = { ...prepared(text, values), values: [...values], query_timeout: QUERY_TIMEOUT_MS }
      const result: QueryResult<Row> = await client.query<Row>(config)
      return result.rows
    },
  }
}

const names = new Map<string, string>()

/** A statement with parameters is parsed once for each connection; DDL, which has none, comes once. */
function prepared(text: string, values: readonly unknown[]): { text: string; name?: string } {
  if (values.length === 0) return { text }
  let name = names.get(text)
  if (name === undefined) {
    name = `machine-${names.size}`
    names.set(text, name)
  }
  return { text, name }
}

export async function inSqlTransaction<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // The pool listens to idle connections only. Lost between two statements, this one would end the process.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  const sql = sqlOn(client)
  try {
    await sql.query('BEGIN')
    const result = await work(sql)
    await sql.query('COMMIT')
    return result
  } catch (error) {
    // One that does not answer is closed, which rolls back too; so is one on which rolling back fails.
    if (isDatabaseAway(error)) broken ??= error as Error
    else await sql.query('ROLLBACK').catch(onError)
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

export const isSqlState = (error: unknown, ...states: string[]): boolean =>
  error instanceof Error && 'code' in error && states.includes(String(error.code))

export const UNIQUE_VIOLATION = '23505'
/** Another transaction was quicker: the row is gone, or two waited for each other. Trying again is right. */
export const RACES = ['23503', '40P01', '40001'] as const
