import type { QueryResultRow } from 'pg'
import type { Db, Tx } from '../db.ts'
import type { Sql } from './sql.ts'

/** What is written in SQL, within a transaction of a verb. Parameters come as text there: the statement casts them. */
export const sqlIn = (tx: Tx | Db['prisma']): Sql => ({
  query: <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    tx.$queryRawUnsafe<Row[]>(text, ...values),
})
