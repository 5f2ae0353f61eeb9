#!/usr/bin/env node
// `npm test`: everything that keeps main honest, in the order in which it fails fastest. A step that cannot run fails.
// `npm test -- unit lab` runs only the named steps. Ends with one line that counts all tests of all steps.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAgain, hasFailed, readPlaywright, readVitest } from './test-results.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'spanwire-test-'))
const env = {
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
}

/** What the lab and the browser tests need, by the Debian package that has it. */
const tools = {
  wg: 'wireguard-tools',
  'wireguard-go': 'wireguard-go',
  nft: 'nftables',
  iptables: 'iptables',
  ip: 'iproute2',
  chromium: 'chromium',
  shellcheck: 'shellcheck',
  busybox: 'busybox',
  ping: 'iputils-ping',
  curl: 'curl',
}

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
  { name: 'server', run: () => vitest('server') },
  { name: 'node', run: () => vitest('node') },
  { name: 'lab', run: () => vitest('lab', within) },
  { name: 'browser', run: browser },
]
const within = ['node', '--import', 'tsx', 'packages/lab/src/within.ts', '--']

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}. The steps are: ${steps.map((step) => step.name).join(' ')}`)
  process.exit(2)
}

/** Their tests measure real time on real machines, several at once: one that fails is run once more by itself, and that counts. */
const byTheClock = new Set(['server', 'node', 'lab'])
/** More than that is no bad moment. */
const MOST_AGAIN = 6

let runs = 0
const all = []
const lines = []
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue
  const begun = Date.now()
  console.log(`\n=== ${step.name}`)
  const tests = step.run()
  all.push(...tests.map((test) => ({ ...test, step: step.name })))
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  lines.push(`  ${step.name.padEnd(14)} ${seconds.padStart(7)} s  ${counts(tests)}`)
  // Without its machine or its packages nothing after can say anything.
  if (tests.some(hasFailed) && ['machine', 'dependencies', 'generate'].includes(step.name)) break
}
rmSync(scratch, { recursive: true, force: true })
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
  for (const { step, file, name, said } of tests)
    console.log(`\n${what}: ${step} ${file} ${name}\n${said.split('\n').slice(0, 12).join('\n')}`)
}

/** Installs the Debian packages that are missing; says clearly what a person must do where it cannot. */
function machine() {
  const problems = []
  if (process.getuid?.() !== 0)
    problems.push(
      'The lab makes network namespaces, which needs root: run `sudo npm test`, or only the steps without it.',
    )
  if (!existsSync('/dev/net/tun'))
    problems.push(
      '/dev/net/tun is missing and wireguard-go needs it: `modprobe tun`, or give the container --device /dev/net/tun.',
    )
  const missing = () => Object.keys(tools).filter((tool) => !onPath(tool))
  if (missing().length > 0 && onPath('apt-get') && process.getuid?.() === 0) {
    const packages = missing().map((tool) => tools[tool])
    console.log(`installing ${packages.join(' ')}`)
    const apt = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } }
    command('apt-get', ['update', '-q'], apt)
    command('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], apt)
  }
  for (const tool of missing()) problems.push(`${tool} is missing: install the package ${tools[tool]}.`)
  for (const problem of problems) console.error(problem)
  return one(problems.length === 0, problems.join('\n'))
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

function vitest(project, prefix = []) {
  const first = vitestRun(project, prefix, [])
  const failed = first.filter(hasFailed)
  if (!byTheClock.has(project) || failed.length === 0 || failed.length > MOST_AGAIN) return first
  const files = [...new Set(failed.map(({ file }) => file))].filter((file) => file !== '')
  console.log(`\n=== ${project}: ${failed.length} again, by themselves`)
  const alone = files.flatMap((file) => {
    const names = failed.filter((test) => test.file === file).map(({ name }) => name)
    // Tests that run at once do not build on one another; of others the whole file is needed.
    const independent = names.every(Boolean) && readFileSync(join(root, file), 'utf8').includes('.concurrent')
    const pattern = names.map((name) => `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`).join('|')
    return vitestRun(project, prefix, [file, '--maxConcurrency=1', ...(independent ? ['-t', pattern] : [])])
  })
  return afterAgain(first, alone)
}

function vitestRun(project, prefix, more) {
  const report = join(scratch, `${project}-${runs++}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const [program, ...rest] = [...prefix, 'npx', 'vitest', 'run', '--project', project, ...reporters, ...more]
  const ended = command(program, rest)
  return told(project, report, ended, (json) => readVitest(json, root))
}

function browser() {
  const report = join(scratch, 'browser.json')
  const [program, ...rest] = [...within, 'npx', 'playwright', 'test', '-c', 'e2e/playwright.config.ts']
  const ended = command(program, rest, { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report } })
  return told('browser', report, ended, readPlaywright)
}

/** A run that wrote no report, ran no test or ended badly with no failed test is one failure: silence is not success. */
function told(name, report, ended, read) {
  const silence = (said) => [{ file: '', name: '', state: 'failed', said: `${name}: ${said}` }]
  if (!existsSync(report)) return silence('wrote no report')
  const tests = read(JSON.parse(readFileSync(report, 'utf8')))
  if (tests.length === 0) return silence('ran no test')
  return ended.some(hasFailed) && !tests.some(hasFailed) ? [...tests, ...silence('ended badly')] : tests
}

function command(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
    ...options,
  })
  if (error) console.error(`${program} could not be started: ${error.message}`)
  return one(status === 0, `${program} ${args.join(' ')} ended with ${status}`)
}

/** A step that is one thing: it held or not. */
function one(held, said = '') {
  return [{ file: '', name: '', state: held ? 'passed' : 'failed', said }]
}

function onPath(tool) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':')
  return folders.some((folder) => existsSync(join(folder, tool)))
}
