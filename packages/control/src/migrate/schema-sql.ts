/**
 * The SQL that Prisma makes of schema.prisma, by its own schema engine as WebAssembly. Tests hold the migrations against it; and a
 * migration is begun with it where `prisma migrate` cannot fetch its native engine:
 *
 *   git show HEAD:prisma/schema.prisma > /tmp/before.prisma
 *   npx tsx packages/control/src/migrate/schema-sql.ts postgres://… /tmp/before.prisma
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'

const require = createRequire(import.meta.url)
const SCHEMA = fileURLToPath(new URL('../../../../prisma/schema.prisma', import.meta.url))

/** From nothing, or from another text of the schema. The engine asks the database for its version, and changes nothing in it. */
export async function schemaSql(databaseUrl: string, before?: string): Promise<string> {
  glue ??= instantiate()
  const { SchemaEngine } = await glue
  const { bindMigrationAwareSqlAdapterFactory } = await import(
    dependencyOf('@prisma/adapter-pg', '@prisma/driver-adapter-utils')
  )
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl }))
  const schema = readFileSync(SCHEMA, 'utf8')
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapter)
  const datamodel = (content: string) => ({ tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] })
  const { stdout } = await engine.diff({
    from: before === undefined ? { tag: 'empty' } : datamodel(before),
    to: datamodel(schema),
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  return stdout ?? ''
}

type Glue = {
  __wbg_set_wasm(exports: Exports): void
  SchemaEngine: {
    new: (
      options: object,
      log: () => void,
      adapter: object,
    ) => Promise<{ diff(input: object): Promise<{ stdout: string | null }> }>
  }
}

type Exports = Readonly<Record<string, unknown>>

/** What is used of it: without the DOM's types Node's WebAssembly has none. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { instantiate(wasm: Uint8Array, imports: object): Promise<{ instance: { exports: Exports } }> }
}

/** Once: the glue holds one module. */
let glue: Promise<Glue> | undefined

async function instantiate(): Promise<Glue> {
  // The package's entry loads its module as a bundler would; Node 20 cannot, so the parts are put together here.
  const directory = dirname(require.resolve('@prisma/schema-engine-wasm'))
  const parts: Glue = await import(pathToFileURL(join(directory, 'schema_engine_bg.js')).href)
  const wasm = readFileSync(join(directory, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': parts })
  parts.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
  return parts
}

/** Wherever npm put it. */
const dependencyOf = (of: string, name: string): string =>
  pathToFileURL(createRequire(require.resolve(of)).resolve(name)).href

const [, program, databaseUrl, before] = process.argv
if (program === fileURLToPath(import.meta.url)) {
  console.log(await schemaSql(databaseUrl ?? '', before === undefined ? undefined : readFileSync(before, 'utf8')))
}
