#!/usr/bin/env node
// The Prisma client from prisma/schema.prisma, made anew only when the schema or Prisma has changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const stamp = new URL('packages/control/src/generated/prisma/schema.sha256', root)
const made = createHash('sha256')
  .update(readFileSync(new URL('prisma/schema.prisma', root)))
  .update(JSON.parse(readFileSync(new URL('node_modules/prisma/package.json', root), 'utf8')).version)
  .digest('hex')
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === made) process.exit(0)

// Generating needs no schema engine, but Prisma fetches one from its own server first unless it is shown a file. Ours applies
// migrations itself (docs/decisions/0002-libraries.md), so none is ever run.
const withoutEngine = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath }
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  ['node_modules/prisma/build/index.js', 'generate', '--schema', 'prisma/schema.prisma', '--no-hints'],
  {
    cwd: fileURLToPath(root),
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', ...withoutEngine },
  },
)
if (status !== 0) {
  process.stderr.write(`${stdout}${stderr}`)
  process.exit(status ?? 1)
}
writeFileSync(stamp, made)
