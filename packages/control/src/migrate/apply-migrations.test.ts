import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyMigrations, MigrationRefused, readMigrations } from './apply-migrations.ts'
import { emptyDatabase } from './empty-database.ts'

const SHIPPED = new URL('../../../../prisma/migrations', import.meta.url).pathname

test('an empty database gets every migration, and one that has them gets nothing', async () => {
  await using database = await emptyDatabase()
  const names = (await readMigrations()).map(({ name }) => name)
  expect(await applyMigrations(database.url)).toEqual(names)
  expect(await applyMigrations(database.url)).toEqual([])
  const rows = await database.query(
    'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations',
  )
  expect(rows).toHaveLength(names.length)
  expect(rows[0]).toMatchObject({ migration_name: '0001_init', finished_at: expect.any(Date), rolled_back_at: null })
  expect(rows[0]?.checksum).toMatch(/^[0-9a-f]{64}$/)
})

test('servers that start at once apply each migration once', async () => {
  await using database = await emptyDatabase()
  const applied = await Promise.all([1, 2, 3, 4].map(() => applyMigrations(database.url)))
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
})

test('a migration that was changed after it was applied is refused by name', async () => {
  await using database = await emptyDatabase()
  await using copy = await copyOfMigrations()
  await applyMigrations(database.url, copy.path)
  await writeFile(join(copy.path, '0001_init/migration.sql'), 'SELECT 1;')
  await expect(applyMigrations(database.url, copy.path)).rejects.toThrow(/0001_init differs/)
  await expect(applyMigrations(database.url, copy.path)).rejects.toBeInstanceOf(MigrationRefused)
})

test('a database that a newer version used is refused, and nothing is applied to it', async () => {
  await using database = await emptyDatabase()
  await using copy = await copyOfMigrations()
  await cp(join(copy.path, '0001_init'), join(copy.path, '9999_of_tomorrow'), { recursive: true })
  await writeFile(join(copy.path, '9999_of_tomorrow/migration.sql'), 'CREATE TABLE tomorrow ();')
  await applyMigrations(database.url, copy.path)
  await expect(applyMigrations(database.url)).rejects.toThrow(/9999_of_tomorrow, which this version does not know/)
})

test('a migration that fails half-way leaves nothing behind, and the next start tries it again', async () => {
  await using database = await emptyDatabase()
  await using copy = await copyOfMigrations()
  const broken = join(copy.path, '9000_broken')
  await cp(join(copy.path, '0001_init'), broken, { recursive: true })
  await writeFile(join(broken, 'migration.sql'), 'CREATE TABLE half (); SELECT 1/0;')
  await expect(applyMigrations(database.url, copy.path)).rejects.toThrow('division by zero')
  expect(await database.query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }])
  await writeFile(join(broken, 'migration.sql'), 'CREATE TABLE half ();')
  expect(await applyMigrations(database.url, copy.path)).toEqual(['9000_broken'])
})

async function copyOfMigrations() {
  const path = await mkdtemp(join(tmpdir(), 'spanwire-migrations-'))
  await cp(SHIPPED, path, { recursive: true })
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}
