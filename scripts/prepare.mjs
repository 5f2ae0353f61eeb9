// What a fresh clone lacks: packages, the Prisma client, the built console. Plain Node without dependencies.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const quiet = { NEXT_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', DO_NOT_TRACK: '1' }

/** A sentence when this Node is too old, else null. */
export function nodeTooOld(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return null
  return `Spanwire needs Node 20.19 or newer and this is ${version}: install a current one from https://nodejs.org or by \`nvm install --lts\`.`
}

/** Installs, generates and builds what is missing or older than its sources; says so only when it has something to do. */
export function prepare({ web }) {
  const problem = nodeTooOld()
  if (problem) end(problem)
  if (packagesAreOld()) {
    console.log('Installing packages (once; a minute or two)')
    run(
      'npm',
      ['ci', '--no-audit', '--no-fund'],
      'The packages could not be installed: see above. `npm ci` tries again.',
    )
  }
  run('node', ['scripts/generate.mjs'], 'The database client could not be generated: see above.')
  if (web) buildConsole()
}

/** npm writes its hidden lock file last, so a broken-off install counts as none. */
function packagesAreOld() {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return true
  if (statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return false
  // A checkout touches files without changing them: what counts is what they say.
  return !installedAsLocked(installed)
}

function installedAsLocked(installed) {
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
  const present = read(installed)
  return Object.entries(read(join(root, 'package-lock.json'))).every(
    ([path, { version, optional, link }]) =>
      path === '' || link || !path.includes('node_modules/') || optional || present[path]?.version === version,
  )
}

function buildConsole() {
  const stamp = join(root, 'apps/web/.next/inputs.sha256')
  const inputs = hashOf([
    'apps/web',
    'packages/api/src',
    'packages/control/src',
    'packages/mesh/src',
    'package-lock.json',
    'tsconfig.base.json',
  ])
  if (existsSync(stamp) && existsSync(join(root, 'apps/web/.next/BUILD_ID')) && readFileSync(stamp, 'utf8') === inputs)
    return
  console.log('Building the console (once for each change of its sources)')
  run(
    'npm',
    ['run', '--silent', 'build', '--workspace', 'apps/web'],
    'The console could not be built: see above.',
    true,
  )
  writeFileSync(stamp, inputs)
}

function hashOf(paths) {
  const hash = createHash('sha256')
  const visit = (path) => {
    if (statSync(join(root, path)).isFile()) {
      hash.update(`${path}\0`).update(readFileSync(join(root, path)))
      return
    }
    const names = readdirSync(join(root, path)).sort()
    for (const name of names)
      if (!/^(\.next|node_modules|generated)$|\.(test|e2e)\.tsx?$|tsbuildinfo$|^next-env/.test(name))
        visit(join(path, name))
  }
  for (const path of paths) visit(path)
  return hash.digest('hex')
}

/** `silent`: what it says is of interest only when it fails. */
function run(program, args, sentence, silent = false) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', silent ? 'pipe' : 'inherit', silent ? 'pipe' : 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...quiet, NODE_ENV: silent ? 'production' : (process.env.NODE_ENV ?? '') },
  })
  if (status === 0) return
  if (silent) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  end(sentence)
}

function end(sentence) {
  console.error(sentence)
  process.exit(1)
}
