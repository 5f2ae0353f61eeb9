/** For tests: a database without anything in it. */
import pg from 'pg'
import { testDatabase } from '../test-db.ts'

export async function emptyDatabase() {
  const database = await testDatabase('template0')
  return {
    url: database.url,
    async query(text: string): Promise<Record<string, unknown>[]> {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      const { rows } = await client.query(text)
      await client.end()
      return rows
    },
    [Symbol.asyncDispose]: () => database.drop(),
  }
}
