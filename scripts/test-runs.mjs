// The runs of tests of `npm test`: what Vitest and Playwright are called with, and what they came to.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, root } from './test-command.mjs'
import { afterAgain, hasFailed, readPlaywright, readVitest } from './test-results.mjs'

const scratch = mkdtempSync(join(tmpdir(), 'spanwire-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** A network namespace of its own, "the control plane's machine" of a lab. */
const within = ['node', '--import', 'tsx', 'packages/lab/src/within.ts', '--']

export const vitest = (project) => vitestRun(project, [])

/** Their tests measure real time on real machines, several at once: one that fails is run once more by itself, and that counts. */
export const byTheClock = async (project) => again(project, await vitestRun(project, []))

const LAB = 'packages/lab/src'

/** The lab's tests wait more than they work: three files at a time, each in a world of its own; the longest, stories, first. */
export async function lab() {
  const files = readdirSync(join(root, LAB), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${LAB}/${name}`)
    .sort((a, b) => b.includes('/story/') - a.includes('/story/'))
  const tests = []
  const lane = async () => {
    for (let file = files.shift(); file; file = files.shift()) tests.push(...(await vitestRun('lab', [file], true)))
  }
  await Promise.all([lane(), lane(), lane()])
  return again('lab', tests)
}

export async function browser() {
  const report = join(scratch, 'browser.json')
  const [program, ...rest] = [...within, 'npx', 'playwright', 'test', '-c', 'e2e/playwright.config.ts']
  const ended = await command(program, rest, { environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: report } })
  return told('browser', report, ended, readPlaywright)
}

/** More than that is no bad moment. */
const MOST_AGAIN = 6

async function again(project, first) {
  const failed = first.filter(hasFailed)
  if (failed.length === 0 || failed.length > MOST_AGAIN) return first
  console.log(`\n=== ${project}: ${failed.length} again, by themselves`)
  const alone = []
  for (const file of new Set(failed.map((test) => test.file).filter(Boolean))) {
    const names = failed.filter((test) => test.file === file).map(({ name }) => name)
    // Tests that run at once do not build on one another; of others the whole file is needed.
    const independent = names.every(Boolean) && readFileSync(join(root, file), 'utf8').includes('.concurrent')
    const pattern = names.map((name) => `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`).join('|')
    const only = independent ? ['-t', pattern] : []
    alone.push(...(await vitestRun(project, [file, '--maxConcurrency=1', ...only])))
  }
  return afterAgain(first, alone)
}

let runs = 0

async function vitestRun(project, more, quiet = false) {
  const report = join(scratch, `${project}-${runs++}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const prefix = project === 'lab' ? within : []
  const [program, ...rest] = [...prefix, 'npx', 'vitest', 'run', '--project', project, ...reporters, ...more]
  const ended = await command(program, rest, { quiet })
  return told([project, ...more].join(' '), report, ended, (json) => readVitest(json, root))
}

/** A run that wrote no report, ran no test or ended badly with no failed test is one failure: silence is not success. */
function told(name, report, ended, read) {
  const silence = (said) => [{ file: '', name: '', state: 'failed', said: `${name}: ${said}` }]
  if (!existsSync(report)) return silence('wrote no report')
  const tests = read(JSON.parse(readFileSync(report, 'utf8')))
  if (tests.length === 0) return silence('ran no test')
  return ended.some(hasFailed) && !tests.some(hasFailed) ? [...tests, ...silence('ended badly')] : tests
}
