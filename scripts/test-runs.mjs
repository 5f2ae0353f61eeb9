// The runs of tests of `npm test`: what Vitest and Playwright are called with, and what they came to.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { command, root } from './test-command.mjs'
import { afterAgain, hasFailed, readPlaywright, readVitest, standAlone } from './test-results.mjs'

const scratch = mkdtempSync(join(tmpdir(), 'spanwire-test-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

/** A network namespace of its own, "the control plane's machine" of a lab. */
const within = ['node', '--import', 'tsx', 'packages/lab/src/within.ts', '--']

export const vitest = (project) => vitestRun(project, [])

/** Their tests measure real time on real machines, several at once: one that fails is run once more by itself, and that counts. */
export const byTheClock = async (project) => again(project, await vitestRun(project, []), vitestAlone(project))

/**
 * Tests that wait more than they work, and which of their files take minutes: those come first, or one would still run when all others have
 * ended. But a browser that reads page after page keeps a processor busy: files of pages are not begun all at once.
 */
const LAB = {
  folder: 'packages/lab/src',
  ending: '.test.ts',
  longest: [
    ...['story/policy-lockouts', 'story/paths-failover', 'story/signs', 'story/k3s', 'story/k3s-failures'],
    ...['fleet/fleet', 'story/paths-traps', 'story/policy', 'story/faults', 'story/paths-presets'],
    ...['story/paths-k3s', 'story/paths-nat', 'story/key-rotation', 'story/k3s-variants', 'fleet/paths'],
  ],
}
const BROWSER = {
  folder: 'e2e',
  ending: '.e2e.ts',
  longest: ['k3s', 'paths', 'pages-clusters', 'pages', 'story', 'pages-access', 'policy-story', 'clusters', 'access'],
}

export const lab = async () =>
  again('lab', await inLanes(3, LAB, (file) => vitestRun('lab', [file], true)), vitestAlone('lab'))

/** A file that fails is a story that is told once more from its beginning. */
export async function browser() {
  rmSync(join(root, FAILURES), { recursive: true, force: true })
  return again('browser', await inLanes(3, BROWSER, playwrightRun), (file) =>
    playwrightRun(`${BROWSER.folder}/${file}`),
  )
}

/**
 * Each lane takes the next file as it has ended one. Each file is a process of its own in a world of its own: its network namespace, ports,
 * databases and browsers meet nobody else's. What it prints comes when it has ended.
 */
async function inLanes(count, { folder, ending, longest }, run) {
  const all = readdirSync(join(root, folder), { recursive: true }).filter((name) => name.endsWith(ending))
  const left = [...new Set([...longest.map((name) => name + ending), ...all])].map((name) => `${folder}/${name}`)
  const tests = []
  const lane = async () => {
    for (let file = left.shift(); file; file = left.shift()) tests.push(...(await run(file)))
  }
  await Promise.all(Array.from({ length: count }, lane))
  return tests
}

/** What Playwright leaves of a failure; a folder for each file, since it empties it when it begins. */
const FAILURES = 'e2e/test-results'

async function playwrightRun(file) {
  const name = basename(file, '.e2e.ts')
  const report = join(scratch, `browser-${name}.json`)
  // Playwright looks for this pattern in the whole path: without its begin and end, `story` would be `policy-story` too.
  const only = `/${file.replaceAll('.', '\\.')}$`
  const output = ['--output', join(root, FAILURES, name)]
  const [program, ...rest] = [...within, 'npx', 'playwright', 'test', '-c', 'e2e/playwright.config.ts', ...output, only]
  const ended = await command(program, rest, { quiet: true, environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: report } })
  return told(`browser ${file}`, report, ended, readPlaywright)
}

/** More than that is no bad moment. */
const MOST_AGAIN = 6

async function again(what, first, alone) {
  const failed = first.filter(hasFailed)
  // Of a story that broke off, what would have followed was not run.
  const many = failed.filter(({ state }) => state !== 'skipped').length
  if (failed.length === 0 || many > MOST_AGAIN) return first
  console.log(`\n=== ${what}: ${failed.length} again, by themselves`)
  const then = []
  for (const file of new Set(failed.map((test) => test.file).filter(Boolean)))
    then.push(
      ...(await alone(
        file,
        failed.filter((test) => test.file === file).map(({ name }) => name),
      )),
    )
  return afterAgain(first, then)
}

function vitestAlone(project) {
  return (file, names) => {
    const independent = names.every(Boolean) && standAlone(readFileSync(join(root, file), 'utf8'))
    const pattern = names.map((name) => `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`).join('|')
    const only = independent ? ['-t', pattern] : []
    return vitestRun(project, [file, '--maxConcurrency=1', ...only])
  }
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
