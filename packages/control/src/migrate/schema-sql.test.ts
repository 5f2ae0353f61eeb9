import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { applyMigrations } from './apply-migrations.ts'
import { emptyDatabase } from './empty-database.ts'
import { schemaSql } from './schema-sql.ts'

/** What the migrations add because Prisma cannot say it. */
const BEYOND_PRISMA = /^(CHECK|index) |samples|_prisma_migrations/

test('the migrations make exactly what schema.prisma says, and beyond it only checks, partial indexes and the samples', async () => {
  await using said = await emptyDatabase()
  await using made = await emptyDatabase()
  await said.query(await schemaSql(said.url))
  await applyMigrations(made.url)
  const [ofSchema, ofMigrations] = [await catalog(said), await catalog(made)]
  expect(ofSchema.length).toBeGreaterThan(100)
  expect(ofSchema.filter((line) => !ofMigrations.includes(line))).toEqual([])
  const extra = ofMigrations.filter((line) => !ofSchema.includes(line))
  expect(extra.filter((line) => !BEYOND_PRISMA.test(line))).toEqual([])
  expect(
    extra.filter((line) => line.startsWith('index') && !line.includes('samples') && !line.includes('_prisma')),
  ).toEqual([
    expect.stringContaining('address_leases_one_place_a_device'),
    expect.stringContaining('address_leases_one_place_a_node'),
    expect.stringContaining('cluster_nodes_one_first'),
    expect.stringContaining('join_tokens_one_invitation_a_node'),
  ])
})

test('from an older text of the schema it makes only the difference', async () => {
  await using database = await emptyDatabase()
  const today = await readFile(new URL('../../../../prisma/schema.prisma', import.meta.url), 'utf8')
  const before = today.replace(/^ *hint +String$/m, '')
  expect(before).not.toBe(today)
  expect(await schemaSql(database.url, before)).toMatch(/ALTER TABLE "api_keys" ADD COLUMN +"hint" TEXT NOT NULL/)
  expect(await schemaSql(database.url, today)).not.toMatch(/CREATE|ALTER/)
})

type Queryable = { query(text: string): Promise<Record<string, unknown>[]> }

/** Every column, constraint, index and enum as one line. */
async function catalog(database: Queryable): Promise<string[]> {
  const rows = await database.query(`
    SELECT format('column %s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid)) AS line
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT format('%s %s.%s %s', CASE contype WHEN 'c' THEN 'CHECK' ELSE 'constraint' END, conrelid::regclass, conname,
                  pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION ALL
    SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT format('enum %s %s', t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder))
      FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
    ORDER BY 1`)
  return rows.map(({ line }) => String(line))
}
