// What a run of tests came to, out of the reports that Vitest and Playwright write as JSON. Each test is
// { file, name, state: passed | failed | skipped, said }; a file whose set-up or reading failed stands as one test without a name.
import { relative } from 'node:path'

/** https://vitest.dev/guide/reporters#json-reporter */
export function readVitest(report, root) {
  return report.testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name)
    if (assertionResults.length === 0) return [{ file, name: '', state: 'failed', said: message || 'has no tests' }]
    return assertionResults.map(({ fullName, status, failureMessages }) => ({
      ...{ file, name: fullName, said: failureMessages?.join('\n') || message || status },
      state: status === 'passed' || status === 'failed' ? status : 'skipped',
    }))
  })
}

/** https://playwright.dev/docs/test-reporters#json-reporter; `again`: it failed, was run once more from its beginning, and passed. */
export function readPlaywright(report) {
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)]
  const broken = (report.errors ?? []).map(({ message }) => ({ file: '', name: '', state: 'failed', said: message }))
  const states = { expected: 'passed', flaky: 'passed', unexpected: 'failed', skipped: 'skipped' }
  // The file that was run: a test may be written in another that it calls.
  const told = report.suites.flatMap((suite) => specs(suite).map((spec) => ({ ...spec, file: suite.file })))
  const tests = told.flatMap((spec) =>
    spec.tests.map(({ status, results }) => ({
      ...{ file: spec.file, name: spec.title, state: states[status] ?? 'failed', again: status === 'flaky' },
      said: results.flatMap(({ errors }) => (errors ?? []).map(({ message }) => message)).join('\n') || status,
    })),
  )
  return [...tests, ...broken]
}

/** After some were run once more by themselves: what a test came to then is what counts, and it is marked. */
export function afterAgain(first, alone) {
  const then = new Map(alone.map((test) => [keyOf(test), test]))
  const known = new Set(first.map(keyOf))
  const seen = first.flatMap((test) => {
    if (test.name === '') return alone.some(({ file }) => file === test.file) ? [] : [test]
    if (test.state === 'passed' && then.get(keyOf(test))?.state !== 'failed') return [test]
    const now = then.get(keyOf(test)) ?? test
    return [
      now.state === 'passed' ? { ...now, said: test.said, again: true } : { ...now, said: `${test.said}\n${now.said}` },
    ]
  })
  return [...seen, ...alone.filter((test) => !known.has(keyOf(test)) && test.state !== 'skipped')]
}

/** Tests that run at once do not build on one another. Where one of a file runs in its turn, those behind it may need it. */
export const standAlone = (source) => !/^\s*test(?!\.concurrent\b)\b/m.test(source)

export const hasFailed = ({ state }) => state !== 'passed'

const keyOf = ({ file, name }) => `${file}\n${name}`
