import { expect, test } from 'vitest'
import { afterAgain, hasFailed, readPlaywright, readVitest, standAlone, type TestResult } from './test-results.mjs'

const one = (name: string, state: TestResult['state'], file = 'a.test.ts'): TestResult => ({
  ...{ file, name, state, said: state },
})
const counts = (tests: TestResult[]) => [
  tests.filter((each) => !hasFailed(each)).length,
  tests.filter(hasFailed).length,
]

test('a report of Vitest: what was skipped has not passed, and a file without tests has failed', () => {
  const report = {
    testResults: [
      {
        name: '/root/a.test.ts',
        message: '',
        assertionResults: [
          { fullName: 'in dash it joins', status: 'passed', failureMessages: [] },
          { fullName: 'in ash it joins', status: 'failed', failureMessages: ['no answer'] },
          { fullName: 'later', status: 'todo', failureMessages: [] },
        ],
      },
      { name: '/root/b.test.ts', message: 'SyntaxError', assertionResults: [] },
    ],
  }
  const tests = readVitest(report, '/root')
  expect(counts(tests)).toEqual([1, 3])
  expect(tests[1]).toEqual({ file: 'a.test.ts', name: 'in ash it joins', state: 'failed', said: 'no answer' })
  expect(tests[3]).toEqual({ file: 'b.test.ts', name: '', state: 'failed', said: 'SyntaxError' })
})

test('a report of Playwright: nested suites count, a second try is marked, an error outside of tests has failed', () => {
  const spec = (title: string, status: string, message?: string) => ({
    ...{ title, file: 'all-pages.ts' },
    tests: [{ status, results: [{ errors: message ? [{ message }] : [] }] }],
  })
  const report = {
    errors: [{ message: 'no browser' }],
    suites: [
      {
        file: 'a.e2e.ts',
        specs: [spec('opens', 'expected'), spec('late', 'flaky', 'not visible')],
        suites: [{ specs: [spec('left', 'skipped'), spec('wrong', 'unexpected', 'wrong text')] }],
      },
    ],
  }
  const tests = readPlaywright(report)
  expect(counts(tests)).toEqual([2, 3])
  expect(tests.map(({ file }) => file)).toEqual([...Array(4).fill('a.e2e.ts'), ''])
  expect(tests.filter(({ again }) => again).map(({ name, said }) => [name, said])).toEqual([['late', 'not visible']])
})

test('what passes by itself has passed and is marked; what was left out of the second run stays as it was', () => {
  const first = [one('a', 'passed'), one('b', 'failed'), one('c', 'failed')]
  const after = afterAgain(first, [one('a', 'skipped'), one('b', 'passed'), one('c', 'failed')])
  expect(counts(after)).toEqual([2, 1])
  expect(after.filter(({ again }) => again).map(({ name }) => name)).toEqual(['b'])
})

test('a second run that says nothing, or in which more fails, makes nothing better', () => {
  const first = [one('a', 'passed'), one('b', 'failed')]
  expect(counts(afterAgain(first, []))).toEqual([1, 1])
  expect(counts(afterAgain(first, [one('a', 'failed'), one('b', 'passed')]))).toEqual([1, 1])
  expect(counts(afterAgain(first, [one('a', 'passed'), one('b', 'skipped')]))).toEqual([1, 1])
})

test('a file that could not be read is counted by its tests once it can', () => {
  const first = [one('', 'failed', 'b.test.ts')]
  expect(counts(afterAgain(first, [one('x', 'passed', 'b.test.ts'), one('y', 'failed', 'b.test.ts')]))).toEqual([1, 1])
})

test('only in a file in which all tests run at once is one run again without those before it', () => {
  expect(
    standAlone("test.concurrent('a', run)\ndescribe('b', () => {\n  test.concurrent.each(all)('c', run)\n})"),
  ).toBe(true)
  expect(standAlone("test.concurrent('a', run)\n  test('b', run)")).toBe(false)
  expect(standAlone("  test.each([1])('b', run)")).toBe(false)
})
