#!/usr/bin/env node
// `npm test`: everything that keeps main honest, in the order in which it fails fastest. A step that cannot run fails.
// `npm test -- unit lab` runs only the named steps. Ends with one line that counts all tests of all steps.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { command, one, root } from './test-command.mjs'
import { machine } from './test-machine.mjs'
import { hasFailed } from './test-results.mjs'
import { browser, byTheClock, lab, vitest } from './test-runs.mjs'

const steps = [
  { name: 'machine', run: machine },
  { name: 'dependencies', run: dependencies },
  { name: 'generate', run: () => command('node', ['scripts/generate.mjs']) },
  { name: 'lint', run: () => command('npx', ['biome', 'ci', '.']) },
  { name: 'types', run: () => command('npx', ['turbo', 'run', 'typecheck', '--output-logs=errors-only']) },
  { name: 'shellcheck', run: () => command('shellcheck', ['-s', 'sh', ...nodeScripts()]) },
  { name: 'unit', run: () => vitest('unit') },
  { name: 'database', run: () => vitest('database') },
  { name: 'build', run: () => command('npx', ['turbo', 'run', 'build', '--output-logs=errors-only']) },
  { name: 'server', run: () => byTheClock('server') },
  { name: 'node', run: () => byTheClock('node') },
  { name: 'lab', run: lab },
  { name: 'browser', run: browser },
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}. The steps are: ${steps.map((step) => step.name).join(' ')}`)
  process.exit(2)
}

const all = []
const lines = []
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue
  const begun = Date.now()
  console.log(`\n=== ${step.name}`)
  const tests = await step.run()
  all.push(...tests.map((test) => ({ ...test, step: step.name })))
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  lines.push(`  ${step.name.padEnd(14)} ${seconds.padStart(7)} s  ${counts(tests)}`)
  // Without its machine or its packages nothing after can say anything.
  if (tests.some(hasFailed) && ['machine', 'dependencies', 'generate'].includes(step.name)) break
}
tell(
  'passed only when it was run again by itself',
  all.filter(({ again }) => again),
)
tell('failed', all.filter(hasFailed))
console.log(`\n${lines.join('\n')}\n\n${counts(all)}`)
process.exit(all.some(hasFailed) ? 1 : 0)

function counts(tests) {
  const failed = tests.filter(hasFailed).length
  return `${tests.length - failed} passed, ${failed} failed`
}

/** At the end, where it is found: the output of the steps is long. */
function tell(what, tests) {
  for (const { step, file, name, state, said } of tests) {
    if (state === 'skipped') console.log(`${what}: ${step} ${file} ${name}: was not run`)
    else console.log(`\n${what}: ${step} ${file} ${name}\n${said.split('\n').slice(0, 12).join('\n')}`)
  }
}

/** The parts of the node script, each checked by itself. */
function nodeScripts() {
  const folder = join(root, 'apps/node')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sh'))
    .map((name) => join(folder, name))
}

function dependencies() {
  return existsSync(join(root, 'node_modules/.package-lock.json')) ? one(true) : command('npm', ['ci'])
}
