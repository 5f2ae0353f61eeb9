#!/usr/bin/env node
// `npm test`: everything that keeps main honest, in the order in which it fails fastest. A step that cannot run fails.
// `npm test -- unit lab` runs only the named steps. Ends with one line that counts all tests of all steps.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

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

const total = { passed: 0, failed: 0 }
const lines = []
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue
  const begun = Date.now()
  console.log(`\n=== ${step.name}`)
  const result = step.run()
  total.passed += result.passed
  total.failed += result.failed
  const seconds = ((Date.now() - begun) / 1000).toFixed(1)
  lines.push(
    `${step.name.padEnd(14)} ${seconds.padStart(7)} s  ${result.passed} passed, ${result.failed} failed`.trimEnd(),
  )
  // Without its machine or its packages nothing after can say anything.
  if (result.failed > 0 && ['machine', 'dependencies', 'generate'].includes(step.name)) break
}
rmSync(scratch, { recursive: true, force: true })
console.log(`\n${lines.map((line) => `  ${line}`).join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed > 0 ? 1 : 0)

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
  return problems.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** The parts of the node script, each checked by itself. */
function nodeScripts() {
  const folder = join(root, 'apps/node')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sh'))
    .map((name) => join(folder, name))
}

function dependencies() {
  return existsSync(join(root, 'node_modules/.package-lock.json')) ? { passed: 1, failed: 0 } : command('npm', ['ci'])
}

function vitest(project, prefix = []) {
  const report = join(scratch, `${project}.json`)
  const vitestArguments = [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const [program, ...rest] = [...prefix, 'npx', ...vitestArguments]
  const ended = command(program, rest)
  return counted(report, ended, (json) => ({
    passed: json.numPassedTests,
    failed: json.numFailedTests + json.numPendingTests + json.numTodoTests,
  }))
}

function browser() {
  const report = join(scratch, 'browser.json')
  const [program, ...rest] = [...within, 'npx', 'playwright', 'test', '-c', 'e2e/playwright.config.ts']
  const ended = command(program, rest, { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report } })
  return counted(report, ended, (json) => ({
    passed: json.stats.expected,
    failed: json.stats.unexpected + json.stats.flaky + json.stats.skipped,
  }))
}

/** A run that wrote no report, ran no test or ended badly with no failed test is one failure: silence is not success. */
function counted(report, ended, read) {
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const { passed, failed } = read(JSON.parse(readFileSync(report, 'utf8')))
  const silent = passed + failed === 0 || (ended.failed > 0 && failed === 0)
  return { passed, failed: failed + (silent ? 1 : 0) }
}

function command(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
    ...options,
  })
  if (error) console.error(`${program} could not be started: ${error.message}`)
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

function onPath(tool) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':')
  return folders.some((folder) => existsSync(join(folder, tool)))
}
